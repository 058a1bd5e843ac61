/** Bytes of the longest frame, either way. */
export const MAX_FRAME_BYTES: number = 64 * 1024 * 1024;

const LENGTH_BYTES = 4;

/**
 * Cuts a stream of bytes into frames: length as 32-bit little-endian number, then the payload. Pieces of a long frame are
 * collected and joined once.
 */
export class FrameSplitter {
  readonly #onFrame: (payload: Uint8Array) => void;
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** Bytes that must be there before anything can be cut. */
  #needed = LENGTH_BYTES;

  /** @param onFrame - Gets each payload, a view that is valid during the call only. */
  constructor(onFrame: (payload: Uint8Array) => void) {
    this.#onFrame = onFrame;
  }

  /** Takes what has arrived. @throws {RangeError} for an impossible length. */
  push(chunk: Buffer): void {
    if (this.#bytes === 0) {
      this.#cut(chunk);
      return;
    }
    this.#pieces.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#needed) return;
    const joined = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    this.#cut(joined);
  }

  #cut(bytes: Buffer): void {
    let at = 0;
    while (bytes.length - at >= LENGTH_BYTES) {
      const size = bytes.readUInt32LE(at);
      if (size < 1 || size > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${size} bytes`);
      if (bytes.length - at - LENGTH_BYTES < size) {
        this.#keep(bytes, at, LENGTH_BYTES + size);
        return;
      }
      at += LENGTH_BYTES;
      this.#onFrame(bytes.subarray(at, at + size));
      at += size;
    }
    if (at < bytes.length) this.#keep(bytes, at, LENGTH_BYTES);
  }

  #keep(bytes: Buffer, at: number, needed: number): void {
    this.#pieces = [bytes.subarray(at)];
    this.#bytes = bytes.length - at;
    this.#needed = needed;
  }
}

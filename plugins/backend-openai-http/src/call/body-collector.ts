/** Collects the pieces of a body up to a limit. */
export class BodyCollector {
  /** Largest body of a successful response. */
  static readonly MAX_BYTES = 256 * 1024 * 1024;

  readonly #limitBytes: number;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Copies a piece; false, and nothing kept, when the limit is exceeded. */
  add(bytes: Uint8Array): boolean {
    const room = this.#limitBytes - this.#bytes;
    if (room <= 0) return false;
    const kept = bytes.byteLength > room ? bytes.subarray(0, room) : bytes;
    this.#pieces.push(Buffer.from(kept));
    this.#bytes += kept.byteLength;
    return kept.byteLength === bytes.byteLength;
  }

  text(): string {
    return Buffer.concat(this.#pieces).toString("utf8");
  }
}

const FIRST_BYTES = 4096;
const NO_BYTES: Buffer = Buffer.alloc(0);

/** Collects the pieces of a body up to a limit. One block of memory: pieces may be as small as a byte. */
export class BodyCollector {
  /** Largest body of a successful response. */
  static readonly MAX_BYTES = 256 * 1024 * 1024;

  readonly #limitBytes: number;
  #bytes = NO_BYTES;
  #length = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Memory held, in bytes: at most twice what was added. */
  get heldBytes(): number {
    return this.#bytes.length;
  }

  /** Copies a piece; false when the limit is exceeded and not all of it was kept. */
  add(piece: Uint8Array): boolean {
    const kept = Math.min(piece.byteLength, this.#limitBytes - this.#length);
    const length = this.#length + kept;
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(kept === piece.byteLength ? piece : piece.subarray(0, kept), this.#length);
    this.#length = length;
    return kept === piece.byteLength;
  }

  /** What was added, without a byte order mark. */
  text(): string {
    const text = this.#bytes.toString("utf8", 0, this.#length);
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  }

  #grow(length: number): void {
    const grown = Buffer.allocUnsafe(Math.min(this.#limitBytes, Math.max(length, this.#length * 2, FIRST_BYTES)));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

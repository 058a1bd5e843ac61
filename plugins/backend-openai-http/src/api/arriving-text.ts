const FIRST_BYTES = 512;
/** Largest text, in characters: half of what a string can hold, and as much as a body. */
const MAX_CHARACTERS = 256 * 1024 * 1024;

/** Bytes that hold text in UTF-8, without escapes. Valid only while they are being handed over. */
export interface TextSpan {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** No byte is above 0x7f. */
  readonly isAscii: boolean;
}

/**
 * Text that arrives in many pieces.
 *
 * Perf: a string for each piece, joined one by one, costs two objects per token and a slow flattening at the end; bytes
 * are copied and decoded once.
 */
export class ArrivingText {
  #text = "";
  #bytes: Buffer | null = null;
  #length = 0;
  readonly #limit: number;

  /** @param limit - Largest text, in characters. */
  constructor(limit: number = MAX_CHARACTERS) {
    this.#limit = limit;
  }

  /** Adds a string. @throws {RangeError} When the text becomes too large. */
  add(text: string): void {
    this.#assertFits(this.#length + text.length);
    this.#text = this.toString() + text;
  }

  /**
   * Adds a piece in bytes. A character never spans pieces: each is valid by itself, or gets its own replacement.
   *
   * @throws {RangeError} When the text becomes too large.
   */
  addSpan({ bytes, start, end, isAscii }: TextSpan): void {
    if (!isAscii) {
      this.add(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8"));
      return;
    }
    const length = this.#length + end - start;
    const target = this.#bytes !== null && length <= this.#bytes.length ? this.#bytes : this.#grow(length);
    let to = this.#length;
    for (let from = start; from < end; from += 1) {
      target[to] = bytes[from] as number;
      to += 1;
    }
    this.#length = to;
  }

  toString(): string {
    if (this.#length > 0) {
      this.#text += (this.#bytes as Buffer).toString("latin1", 0, this.#length);
      this.#length = 0;
    }
    return this.#text;
  }

  #grow(length: number): Buffer {
    this.#assertFits(length);
    const grown = Buffer.allocUnsafe(Math.max(length, this.#length * 2, FIRST_BYTES));
    this.#bytes?.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
    return grown;
  }

  #assertFits(added: number): void {
    if (this.#text.length + added > this.#limit)
      throw new RangeError(`the text is longer than ${this.#limit} characters`);
  }
}

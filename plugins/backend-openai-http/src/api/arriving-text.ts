import { measureText, TextMeter, type UsageMetrics } from "@core/backend";

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

/** Adds a piece in bytes, as {@link ArrivingText.addSpan} does. */
export function addSpan(meter: TextMeter, span: TextSpan): void {
  if (span.isAscii) meter.addAscii(span.bytes, span.start, span.end);
  else meter.add(decoded(span));
}

/** Words and characters. */
export type TextMeasure = Pick<UsageMetrics, "text_words" | "text_characters">;

/** Text of a response, which arrives in many pieces. */
export interface ArrivingText {
  /** What counts it; null when it is kept. */
  readonly meter: TextMeter | null;
  /** Nothing has arrived but pieces of length zero. */
  readonly isEmpty: boolean;
  /** Nothing but whitespace has arrived. */
  readonly isBlank: boolean;
  /** What has arrived; null when it is counted alone. */
  readonly text: string | null;
  measure(): TextMeasure;
  /** Adds a string. @throws {RangeError} When the text becomes too large. */
  add(text: string): void;
  /**
   * Adds a piece in bytes. A character never spans pieces: each is valid by itself, or gets its own replacement.
   *
   * @throws {RangeError} When the text becomes too large.
   */
  addSpan(span: TextSpan): void;
}

/** @param keep - False when nobody will ask for more than the measure of the text. */
export function arrivingText(keep: boolean): ArrivingText {
  return keep ? new KeptText() : new CountedText();
}

/** Perf: a text that nobody will read is memory to fetch for each token, and three objects for each request. */
class CountedText extends TextMeter implements ArrivingText {
  get meter(): TextMeter {
    return this;
  }

  get isEmpty(): boolean {
    return this.characters === 0;
  }

  get isBlank(): boolean {
    return this.words === 0;
  }

  get text(): null {
    return null;
  }

  measure(): TextMeasure {
    return { text_words: this.words, text_characters: this.characters };
  }

  addSpan(span: TextSpan): void {
    addSpan(this, span);
  }
}

/**
 * Perf: a string for each piece, joined one by one, costs two objects per token and a slow flattening at the end; bytes
 * are copied and decoded once.
 */
export class KeptText implements ArrivingText {
  #text = "";
  #bytes: Buffer | null = null;
  #length = 0;
  readonly #limit: number;

  /** @param limit - Largest text, in characters. */
  constructor(limit: number = MAX_CHARACTERS) {
    this.#limit = limit;
  }

  get meter(): null {
    return null;
  }

  get isEmpty(): boolean {
    return this.#text === "" && this.#length === 0;
  }

  get isBlank(): boolean {
    return !/\S/.test(this.text);
  }

  get text(): string {
    if (this.#length > 0) {
      this.#text += (this.#bytes as Buffer).toString("latin1", 0, this.#length);
      this.#length = 0;
    }
    return this.#text;
  }

  measure(): TextMeasure {
    return measureText(this.text);
  }

  add(text: string): void {
    this.#assertFits(this.#length + text.length);
    this.#text = this.text + text;
  }

  addSpan(span: TextSpan): void {
    if (!span.isAscii) {
      this.add(decoded(span));
      return;
    }
    const { bytes, start, end } = span;
    const length = this.#length + end - start;
    const target = this.#bytes !== null && length <= this.#bytes.length ? this.#bytes : this.#grow(length);
    let to = this.#length;
    for (let from = start; from < end; from += 1) {
      target[to] = bytes[from] as number;
      to += 1;
    }
    this.#length = to;
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

function decoded({ bytes, start, end }: TextSpan): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}

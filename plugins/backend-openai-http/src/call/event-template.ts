import type { TextSpan } from "../api/arriving-text.js";
import type { SimpleText } from "../api/response-reader.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LINE_FEED = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
/** Writes any character, also one of a name. */
const CODE_ESCAPE = "\\u";
/** What most servers put around an event; those that name its type do so in a line before. */
const FRAME_HEAD = Buffer.from("data: ");
const FRAME_TAIL = Buffer.from("\n\n");
/** Events that differ in more than their text (a running count, say) are given up after so many useless templates. */
const PATIENCE = 4;

/**
 * Recognises events of a stream that differ from an earlier one in nothing but their text, and a number that counts
 * them, without parsing them: the bytes around are the same and the text holds no quote, escape or control character, so
 * that the JSON has the same structure and the same other values. Everything else is left to the full parse.
 *
 * After a match the template itself is the span of the text that was found.
 *
 * Perf: JSON.parse of an event of 200 bytes costs about 2 µs and most of the garbage of a stream, looking for the ends
 * of lines another 1 µs; this costs 0.2 µs. Bytes are compared here, since a call into the runtime costs more.
 */
export class EventTemplate implements TextSpan {
  /** The event in its frame: perhaps `event: …` and a line feed, `data: `, the JSON, two line feeds. */
  #frame: Buffer | null = null;
  /** Bytes of the frame before the JSON. */
  #head = 0;
  /** Bytes of the frame before the text. */
  #before = 0;
  /** Bytes of the frame behind it, its closing quote included. */
  #behind = 0;
  /** Where the digits of the counter lie in the frame; equal when there is none. */
  #digits = 0;
  #digitsEnd = 0;
  #learned = 0;
  #matched = 0;
  bytes: Uint8Array = FRAME_HEAD;
  start = 0;
  end = 0;
  isAscii = true;

  /** Whether an event that was parsed may become the template. */
  get wantsEvent(): boolean {
    return this.#frame === null && (this.#learned < PATIENCE || this.#matched > this.#learned);
  }

  /**
   * Makes a parsed event the template, unless its text cannot be found in its bytes beyond doubt.
   *
   * @param type - Value of its `event` line, empty when it has none.
   */
  learn(bytes: Buffer, start: number, end: number, { key, text, counter }: SimpleText, type: string): void {
    const event = bytes.subarray(start, end);
    const at = event.includes(LINE_FEED) ? null : findText(event, key, text);
    if (at === null) return;
    const head = type === "" ? FRAME_HEAD : Buffer.from(`event: ${type}\n${FRAME_HEAD.toString()}`);
    const digits = counter === undefined ? null : findDigits(event, counter);
    this.#head = head.length;
    this.#digits = head.length + (digits?.start ?? 0);
    this.#digitsEnd = head.length + (digits?.end ?? 0);
    this.#frame = Buffer.concat([head, event, FRAME_TAIL]);
    this.#before = head.length + at;
    this.#behind = this.#frame.length - this.#before - Buffer.byteLength(text);
    this.#learned += 1;
  }

  /** Whether `bytes[start, end)` is an event like the template. */
  matches(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#frame === null) return false;
    const from = this.#afterFront(this.#frame, this.#head, bytes, start, end);
    const to = from < 0 ? -1 : this.#beforeBack(this.#frame, FRAME_TAIL.length, bytes, end, from);
    if (to < 0) this.#frame = null; // the next parsed event is a better one
    return to > from && this.#takeText(bytes, from, to);
  }

  /** Whether `bytes[start, end)` is an event like the template in its frame, and nothing else. */
  matchesFrame(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#frame === null) return false;
    const from = this.#afterFront(this.#frame, 0, bytes, start, end);
    const to = from < 0 ? -1 : this.#beforeBack(this.#frame, 0, bytes, end, from);
    return to > from && this.#takeText(bytes, from, to);
  }

  /** Compares what is before the text, from byte `at` of the frame on; where the text begins, -1 when they differ. */
  #afterFront(frame: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number): number {
    const hasDigits = this.#digits < this.#digitsEnd && this.#digits < this.#before;
    const until = hasDigits ? this.#digits : this.#before;
    let to = start;
    for (let index = at; index < until; index += 1, to += 1) {
      if (to >= end || frame[index] !== bytes[to]) return -1;
    }
    if (!hasDigits) return to;
    const first = to;
    while (to < end && isDigit(bytes[to] as number)) to += 1;
    if (!isNumber(bytes, first, to)) return -1;
    for (let index = this.#digitsEnd; index < this.#before; index += 1, to += 1) {
      if (to >= end || frame[index] !== bytes[to]) return -1;
    }
    return to;
  }

  /** The same for what is behind the text, without the last `skipped` bytes of the frame; where the text ends. */
  #beforeBack(frame: Uint8Array, skipped: number, bytes: Uint8Array, end: number, start: number): number {
    const behind = frame.length - this.#behind;
    const hasDigits = this.#digits < this.#digitsEnd && this.#digits >= behind;
    const until = hasDigits ? this.#digitsEnd : behind;
    let to = end - 1;
    for (let index = frame.length - skipped - 1; index >= until; index -= 1, to -= 1) {
      if (to < start || frame[index] !== bytes[to]) return -1;
    }
    if (!hasDigits) return to + 1;
    const last = to;
    while (to >= start && isDigit(bytes[to] as number)) to -= 1;
    if (!isNumber(bytes, to + 1, last + 1)) return -1;
    for (let index = this.#digits - 1; index >= behind; index -= 1, to -= 1) {
      if (to < start || frame[index] !== bytes[to]) return -1;
    }
    return to + 1;
  }

  #takeText(bytes: Uint8Array, start: number, end: number): boolean {
    let all = 0;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] as number;
      if (byte === QUOTE || byte === BACKSLASH || byte < FIRST_PRINTABLE) return false;
      all |= byte;
    }
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.isAscii = all < 0x80;
    this.#matched += 1;
    return true;
  }
}

/**
 * Where the text of the field `key` begins, null when it is not beyond doubt. A quote inside a JSON string is escaped, so
 * that the name in quotes cannot lie within one; when it occurs once, and no name may be written in another way, it is the
 * field that was read.
 */
function findText(event: Buffer, key: string, text: string): number | null {
  const name = `"${key}"`;
  const named = event.indexOf(name);
  if (named < 0 || event.indexOf(name, named + 1) >= 0 || event.includes(CODE_ESCAPE)) return null;
  const colon = named + name.length;
  const at = (event[colon + 1] === SPACE ? colon + 2 : colon + 1) + 1;
  if (event[colon] !== COLON || event[at - 1] !== QUOTE) return null;
  const end = event.indexOf(QUOTE, at);
  const isPlain = end >= 0 && event.toString("utf8", at, end) === text && !event.subarray(at, end).includes(BACKSLASH);
  return isPlain ? at : null;
}

/** Where the digits of the number `key` lie, null when it is not beyond doubt, for the reasons of {@link findText}. */
function findDigits(event: Buffer, key: string): { readonly start: number; readonly end: number } | null {
  const name = `"${key}"`;
  const named = event.indexOf(name);
  const colon = named + name.length;
  if (named < 0 || event.indexOf(name, named + 1) >= 0 || event[colon] !== COLON) return null;
  const start = event[colon + 1] === SPACE ? colon + 2 : colon + 1;
  let end = start;
  while (isDigit(event[end] ?? 0)) end += 1;
  return end > start ? { start, end } : null;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** Whether these digits are a number of JSON: at least one, and no zero before others. */
function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  return end > start && (bytes[start] !== ZERO || end === start + 1);
}

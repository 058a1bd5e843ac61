import type { SimpleEvent, SimpleText } from "../api/response-reader.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LINE_FEED = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
/** Digits of the largest number that is read here. */
const MAX_DIGITS = 15;
const AFTER_NUMBER = new Set(Buffer.from(",]} "));
/** What most servers put around an event; those that name its type do so in a line before. */
const FRAME_HEAD = Buffer.from("data: ");
const FRAME_TAIL = Buffer.from("\n\n");

/** Counts the events that were recognised. */
export interface MatchTally {
  matches: number;
}

/** A value in the frame that may be another one. */
interface Slot {
  readonly isNumber: boolean;
  /** Among the numbers or the strings. */
  readonly index: number;
  /** Where it lies in the frame, a string without its quotes. */
  readonly start: number;
  readonly end: number;
}

/**
 * Recognises events of streams that differ from an earlier one in nothing but their text, and in numbers and strings that
 * do not matter (counts, identifiers), without parsing them: the bytes around are the same and no text holds a quote, an
 * escape or a control character, so that the JSON has the same structure and the same other values. Everything else is
 * left to the full parse.
 *
 * After a match the template itself is the event that was found.
 *
 * Perf: JSON.parse of an event of 200 bytes costs about 2 µs and most of the garbage of a stream, looking for the ends
 * of lines another 1 µs; this costs 0.2 µs. Bytes are compared here, since a call into the runtime costs more. All streams
 * share a template: with one of their own for each of 1,000, the processor waits for its memory longer than it compares.
 */
export class EventTemplate implements SimpleEvent {
  readonly simple: SimpleText;
  /** Value of the event's `event` line, empty when it has none. */
  readonly type: string;
  /** Numbers of its running usage: the first of `simple.numbers`. */
  readonly counts: number;
  /** The event in its frame: perhaps `event: …` and a line feed, `data: `, the JSON, two line feeds. */
  readonly #frame: Buffer;
  readonly #view: DataView;
  /** Bytes of the frame before the JSON. */
  readonly #head: number;
  /** Bytes of the frame before the text. */
  readonly #before: number;
  /** Where in the frame it goes on behind the text, with its closing quote. */
  readonly #behind: number;
  /** What may differ before the text, and behind it from the last to the first. */
  readonly #frontSlots: readonly Slot[];
  readonly #backSlots: readonly Slot[];
  readonly #numbers: number[];
  readonly #tally: MatchTally;
  /** Where the strings begin and end in `bytes`. */
  readonly #stringStarts: number[];
  readonly #stringEnds: number[];
  bytes: Uint8Array = FRAME_HEAD;
  start = 0;
  end = 0;
  isAscii = true;

  /** @param at - Where the text begins in the event. */
  private constructor(event: Buffer, at: number, simple: SimpleText, type: string, tally: MatchTally) {
    const head = type === "" ? FRAME_HEAD : Buffer.from(`event: ${type}\n${FRAME_HEAD.toString()}`);
    this.simple = simple;
    this.type = type;
    const usage = simple.usage ?? {};
    this.counts = simple.numbers.filter((key) => key in usage).length;
    this.#tally = tally;
    this.#frame = Buffer.concat([head, event, FRAME_TAIL]);
    this.#view = new DataView(this.#frame.buffer, this.#frame.byteOffset, this.#frame.byteLength);
    this.#head = head.length;
    this.#before = head.length + at;
    this.#behind = this.#before + Buffer.byteLength(simple.text);
    this.#numbers = simple.numbers.map((key) => Number(simple.usage?.[key])); // of those that have to stay the same
    this.#stringStarts = simple.strings.map(() => 0);
    this.#stringEnds = simple.strings.map(() => 0);
    const slots = findSlots(event, simple, head.length);
    this.#frontSlots = slots.filter(({ start }) => start < this.#before);
    this.#backSlots = slots.filter(({ start }) => start > this.#before).reverse();
  }

  /**
   * Makes a template of a parsed event, null when its text cannot be found in its bytes beyond doubt.
   *
   * @param type - Value of its `event` line, empty when it has none.
   */
  static of(event: Buffer, simple: SimpleText, type: string, tally: MatchTally): EventTemplate | null {
    // without escapes no name is written in another way than here, and every quote begins or ends a string
    if (event.includes(LINE_FEED) || event.includes(BACKSLASH)) return null;
    const at = findString(event, simple.key);
    if (at === null || event.toString("utf8", at.start, at.end) !== simple.text) return null;
    return new EventTemplate(event, at.start, simple, type, tally);
  }

  number(index: number): number {
    return this.#numbers[index] as number;
  }

  string(index: number): string {
    const { buffer, byteOffset } = this.bytes;
    const start = this.#stringStarts[index] as number;
    return Buffer.from(buffer, byteOffset + start, (this.#stringEnds[index] as number) - start).toString("utf8");
  }

  /** Whether `bytes[start, end)` is an event like the template. */
  matches(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#matches(bytes, start, end, this.#head, FRAME_TAIL.length);
  }

  /** Whether `bytes[start, end)` is an event like the template in its frame, and nothing else. */
  matchesFrame(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#matches(bytes, start, end, 0, 0);
  }

  /** Compares with the frame without its first `skipped` bytes and its last `left` ones. */
  #matches(bytes: Uint8Array, start: number, end: number, skipped: number, left: number): boolean {
    const from = this.#afterFront(bytes, start, end, skipped);
    if (from < 0) return false;
    const to = this.#beforeBack(bytes, end, from, left);
    return to > from && this.#takeText(bytes, from, to);
  }

  /** Compares what is before the text, from byte `at` of the frame on; where the text begins, -1 when they differ. */
  #afterFront(bytes: Uint8Array, start: number, end: number, at: number): number {
    const slots = this.#frontSlots;
    let [index, to] = [at, start];
    for (let next = 0; next < slots.length; next += 1) {
      const slot = slots[next] as Slot;
      const literal = slot.start - index;
      if (to + literal > end || !this.#isSame(index, slot.start, bytes, to)) return -1;
      to += literal;
      const first = to;
      if (slot.isNumber) while (to < end && isDigit(bytes[to] as number)) to += 1;
      else while (to < end && isPlain(bytes[to] as number)) to += 1;
      if (!this.#takeValue(slot, bytes, first, to)) return -1;
      index = slot.end;
    }
    const literal = this.#before - index;
    return to + literal <= end && this.#isSame(index, this.#before, bytes, to) ? to + literal : -1;
  }

  /** The same for what is behind the text, without the last `left` bytes of the frame; where the text ends. */
  #beforeBack(bytes: Uint8Array, end: number, start: number, left: number): number {
    const slots = this.#backSlots;
    let [index, to] = [this.#frame.length - left, end];
    for (let next = 0; next < slots.length; next += 1) {
      const slot = slots[next] as Slot;
      to -= index - slot.end;
      if (to < start || !this.#isSame(slot.end, index, bytes, to)) return -1;
      const last = to;
      if (slot.isNumber) while (to > start && isDigit(bytes[to - 1] as number)) to -= 1;
      else while (to > start && isPlain(bytes[to - 1] as number)) to -= 1;
      if (!this.#takeValue(slot, bytes, to, last)) return -1;
      index = slot.start;
    }
    to -= index - this.#behind;
    return to >= start && this.#isSame(this.#behind, index, bytes, to) ? to : -1;
  }

  /**
   * Whether the frame's bytes [from, until) stand at `to`, where there are as many bytes. Perf: eight at a time take a third of
   * the time of one by one; the integers are compared in registers and never become objects.
   */
  #isSame(from: number, until: number, bytes: Uint8Array, to: number): boolean {
    const view = viewOf(bytes);
    let [index, at] = [from, to];
    for (; index + 8 <= until; index += 8, at += 8) {
      if (this.#view.getBigInt64(index) !== view.getBigInt64(at)) return false;
    }
    for (; index < until; index += 1, at += 1) {
      if (this.#frame[index] !== bytes[at]) return false;
    }
    return true;
  }

  #takeValue(slot: Slot, bytes: Uint8Array, start: number, end: number): boolean {
    if (slot.isNumber) return this.#takeNumber(slot.index, bytes, start, end);
    this.#stringStarts[slot.index] = start;
    this.#stringEnds[slot.index] = end;
    return true;
  }

  /** Whether these digits are a number of JSON: at least one, and no zero before others. */
  #takeNumber(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const digits = end - start;
    if (digits === 0 || digits > MAX_DIGITS || (bytes[start] === ZERO && digits > 1)) return false;
    let number = 0;
    for (let at = start; at < end; at += 1) number = number * 10 + (bytes[at] as number) - ZERO;
    this.#numbers[index] = number;
    return true;
  }

  #takeText(bytes: Uint8Array, start: number, end: number): boolean {
    let all = 0;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] as number;
      if (!isPlain(byte)) return false;
      all |= byte;
    }
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.isAscii = all < 0x80;
    this.#tally.matches += 1;
    return true;
  }
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * What may differ, in its order in a frame where the event begins at `shift`. Left out is what is not found beyond doubt:
 * it has to stay the same.
 */
function findSlots(event: Buffer, { numbers, strings }: SimpleText, shift: number): readonly Slot[] {
  const found = [
    ...numbers.map((key, index) => ({ isNumber: true, index, place: findDigits(event, key) })),
    ...strings.map((key, index) => ({ isNumber: false, index, place: findString(event, key) })),
  ];
  return found
    .flatMap(({ isNumber, index, place }) =>
      place === null ? [] : [{ isNumber, index, start: shift + place.start, end: shift + place.end }],
    )
    .sort((one, other) => one.start - other.start);
}

/**
 * Where the value of the field `key` begins, null when it is not beyond doubt: in JSON without escapes the name in quotes
 * cannot lie within a string, and when it occurs once, it is the field that was read.
 */
function findValue(event: Buffer, key: string): number | null {
  const name = `"${key}"`;
  const named = event.indexOf(name);
  const colon = named + name.length;
  if (named < 0 || event.indexOf(name, named + 1) >= 0 || event[colon] !== COLON) return null;
  return event[colon + 1] === SPACE ? colon + 2 : colon + 1;
}

/** The same for a string, without its quotes. */
function findString(event: Buffer, key: string): Place | null {
  const at = findValue(event, key);
  if (at === null || event[at] !== QUOTE) return null;
  const end = event.indexOf(QUOTE, at + 1);
  return end < 0 ? null : { start: at + 1, end };
}

function findDigits(event: Buffer, key: string): Place | null {
  const start = findValue(event, key);
  if (start === null) return null;
  let end = start;
  while (isDigit(event[end] ?? 0)) end += 1;
  const isWhole = AFTER_NUMBER.has(event[end] ?? 0); // no fraction and no exponent
  return end > start && isWhole ? { start, end } : null;
}

let viewed: Uint8Array = FRAME_HEAD;
let view = new DataView(viewed.buffer, viewed.byteOffset, viewed.byteLength);

/** Perf: the sockets of a thread share a read buffer, so that it is nearly always the same. */
function viewOf(bytes: Uint8Array): DataView {
  if (bytes === viewed) return view;
  viewed = bytes;
  view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** Whether a byte within a JSON string means itself. */
function isPlain(byte: number): boolean {
  return byte !== QUOTE && byte !== BACKSLASH && byte >= FIRST_PRINTABLE;
}

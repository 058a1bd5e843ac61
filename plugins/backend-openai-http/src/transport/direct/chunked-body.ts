import { HttpProtocolError } from "./http-protocol-error.js";
import type { ResponsePartHandler } from "./response-part-handler.js";

const CR = 0x0d;
const LF = 0x0a;
const SEMICOLON = 0x3b;
const SPACE = 0x20;
const TAB = 0x09;
/** Hexadecimal digits of the largest chunk, 2^52 - 1 bytes. */
const MAX_DIGITS = 13;
/** Digits of a chunk that can lie in one piece. */
const MAX_SMALL_DIGITS = 7;
/** Extensions of one chunk, and all trailers together. */
const MAX_LINE_BYTES = 64 * 1024;
const HEX = hexDigits();

const size = 0;
const extension = 1;
const sizeLineFeed = 2;
const data = 3;
const dataReturn = 4;
const dataLineFeed = 5;
const trailerStart = 6;
const trailer = 7;
const trailerLineFeed = 8;
const lastLineFeed = 9;
const complete = 10;

/** Where a chunk lies in a piece. */
export interface ChunkSpan {
  /** Of its data. */
  start: number;
  end: number;
  /** Where the next chunk begins. */
  next: number;
}

/** Of the chunk that was read last: valid until the next is read. */
const chunk: ChunkSpan = { start: 0, end: 0, next: 0 };

/**
 * Perf: finds a chunk that lies in the piece as a whole and has no extension, as nearly all do.
 *
 * @param found - Receives where it lies.
 * @returns False when it has to be read byte by byte.
 */
export function readWholeChunk(bytes: Buffer, from: number, length: number, found: ChunkSpan): boolean {
  let at = from;
  let bytesOfChunk = 0;
  for (; at < length; at += 1) {
    const digit = HEX[bytes[at] as number] as number;
    if (digit < 0) break;
    bytesOfChunk = bytesOfChunk * 16 + digit;
  }
  const start = at + 2;
  const end = start + bytesOfChunk;
  if (bytesOfChunk === 0 || at - from > MAX_SMALL_DIGITS || end + 2 > length) return false;
  if (bytes[at] !== CR || bytes[at + 1] !== LF || bytes[end] !== CR || bytes[end + 1] !== LF) return false;
  found.start = start;
  found.end = end;
  found.next = end + 2;
  return true;
}

/** Body in the transfer coding `chunked` (RFC 9112, section 7.1): extensions and trailers are skipped. */
export class ChunkedBody {
  readonly #handler: Pick<ResponsePartHandler, "onBody">;
  #state = complete;
  #size = 0;
  #digits = 0;
  #lineBytes = 0;

  constructor(handler: Pick<ResponsePartHandler, "onBody">) {
    this.#handler = handler;
  }

  get isComplete(): boolean {
    return this.#state === complete;
  }

  /** What comes next is the beginning of a chunk. */
  get isBetweenChunks(): boolean {
    return this.#state === size && this.#digits === 0;
  }

  begin(): void {
    this.#state = size;
    this.#size = 0;
    this.#digits = 0;
    this.#lineBytes = 0;
  }

  /** Takes `bytes[from, length)`. @returns Where it stopped: at `length`, or behind the end of the body. */
  push(bytes: Buffer, from: number, length: number): number {
    let at = from;
    while (at < length && this.#state !== complete) {
      if (this.#state === data) {
        const end = Math.min(length, at + this.#size);
        this.#size -= end - at;
        if (this.#size === 0) this.#state = dataReturn;
        this.#handler.onBody(bytes, at, end);
        at = end;
      } else {
        const next = this.isBetweenChunks ? this.#wholeChunk(bytes, at, length) : at;
        if (next === at) this.#step(bytes[at] as number);
        at = next === at ? at + 1 : next;
      }
    }
    return at;
  }

  /** @returns Where the next chunk begins; `from` when this one has to be read byte by byte. */
  #wholeChunk(bytes: Buffer, from: number, length: number): number {
    if (!readWholeChunk(bytes, from, length, chunk)) return from;
    const { start, end, next } = chunk;
    this.#handler.onBody(bytes, start, end);
    return next;
  }

  #step(byte: number): void {
    if (this.#state === size) this.#sizeByte(byte);
    else if (this.#state === sizeLineFeed) this.#afterSizeLine(byte);
    else if (this.#state === dataReturn) this.#expect(byte, CR, dataLineFeed);
    else if (this.#state === dataLineFeed) this.#expect(byte, LF, size);
    else if (this.#state === lastLineFeed) this.#expect(byte, LF, complete);
    else this.#lineByte(byte);
  }

  #sizeByte(byte: number): void {
    const digit = HEX[byte] as number;
    if (digit >= 0) {
      this.#digits += 1;
      if (this.#digits > MAX_DIGITS) throw new HttpProtocolError("the size of a chunk has too many digits");
      this.#size = this.#size * 16 + digit;
      return;
    }
    if (this.#digits === 0) throw new HttpProtocolError(`the size of a chunk begins with ${shown(byte)}`);
    if (byte === CR) this.#state = sizeLineFeed;
    else if (byte === SEMICOLON || byte === SPACE || byte === TAB) this.#state = extension;
    else throw new HttpProtocolError(`the size of a chunk holds ${shown(byte)}`);
  }

  #afterSizeLine(byte: number): void {
    this.#expect(byte, LF, this.#size === 0 ? trailerStart : data);
    this.#digits = 0;
    this.#lineBytes = 0;
  }

  /** Extensions and trailers: their text means nothing here, only where their lines end. */
  #lineByte(byte: number): void {
    this.#lineBytes += 1;
    if (this.#lineBytes > MAX_LINE_BYTES)
      throw new HttpProtocolError(`an extension or the trailers are longer than ${MAX_LINE_BYTES} bytes`);
    if (this.#state === trailerLineFeed) this.#expect(byte, LF, trailerStart);
    else if (byte === LF) throw new HttpProtocolError("a line ends without a carriage return");
    else if (byte === CR) this.#state = this.#state === extension ? sizeLineFeed : this.#afterReturn();
    else if (this.#state === trailerStart) this.#state = trailer;
  }

  #afterReturn(): number {
    return this.#state === trailerStart ? lastLineFeed : trailerLineFeed;
  }

  #expect(byte: number, wanted: number, next: number): void {
    if (byte !== wanted) throw new HttpProtocolError(`a chunk has ${shown(byte)} where ${shown(wanted)} belongs`);
    this.#state = next;
  }
}

function shown(byte: number): string {
  return JSON.stringify(String.fromCharCode(byte));
}

function hexDigits(): Int8Array {
  const digits = new Int8Array(256).fill(-1);
  for (const [value, character] of [..."0123456789abcdef"].entries()) {
    digits[character.charCodeAt(0)] = value;
    digits[character.toUpperCase().charCodeAt(0)] = value;
  }
  return digits;
}

import { MAX_HEAD_BYTES } from "../max-head-bytes.js";
import { ChunkedBody } from "./chunked-body.js";
import { HttpProtocolError } from "./http-protocol-error.js";
import { CHUNKED, type ParsedHead, parseHead, UNTIL_CLOSE } from "./parsed-head.js";
import type { ResponsePartHandler } from "./response-part-handler.js";

const HEAD_END = Buffer.from("\r\n\r\n");
const LONGEST_START = "HTTP/1.1 ".length;
const CR = 0x0d;
const LF = 0x0a;

const idle = 0;
const inHead = 1;
const inLength = 2;
const inChunks = 3;
const untilClose = 4;

/**
 * Reader of HTTP/1.1 responses (RFC 9112) over bytes in pieces of any size: one response at a time, interim ones (1xx)
 * skipped.
 *
 * Perf: pieces are read in place; only a head that spans pieces is copied.
 */
export class HttpResponseParser {
  readonly #handler: ResponsePartHandler;
  readonly #chunks: ChunkedBody;
  #state = idle;
  #hasBody = true;
  #keepAlive = false;
  #remaining = 0;
  #carried: Buffer | null = null;

  constructor(handler: ResponsePartHandler) {
    this.#handler = handler;
    this.#chunks = new ChunkedBody(handler);
  }

  /** Awaits the response to a request that is about to be sent. */
  begin(method: string): void {
    this.#hasBody = method !== "HEAD";
    this.#state = inHead;
    this.#carried = null;
  }

  /** Ignores whatever follows, also within the current piece. */
  stop(): void {
    this.#state = idle;
  }

  /** A response is awaited or under way. */
  get isBusy(): boolean {
    return this.#state !== idle;
  }

  /** What comes next is the beginning of a chunk. */
  get isBetweenChunks(): boolean {
    return this.#state === inChunks && this.#chunks.isBetweenChunks;
  }

  /** Takes `bytes[from, length)`. @throws {HttpProtocolError} */
  push(bytes: Buffer, length: number, from = 0): void {
    let at = from;
    while (at < length && this.#state !== idle) {
      if (this.#state === inChunks) {
        at = this.#chunks.push(bytes, at, length);
        if (this.#chunks.isComplete) this.#end(this.#keepAlive && at === length);
      } else if (this.#state === inHead) {
        at = this.#readHead(bytes, at, length);
      } else if (this.#state === inLength) {
        const end = Math.min(length, at + this.#remaining);
        this.#remaining -= end - at;
        this.#handler.onBody(bytes, at, end);
        at = end;
        if (this.#remaining === 0) this.#end(this.#keepAlive && at === length);
      } else {
        this.#handler.onBody(bytes, at, length);
        at = length;
      }
    }
  }

  /** The peer has closed. @returns Whether the response that was under way is complete now. */
  close(): boolean {
    if (this.#state !== untilClose) return false;
    this.#end(false);
    return true;
  }

  #end(reusable: boolean): void {
    if (this.#state === idle) return; // stopped while its last part was handed over
    this.#state = idle;
    this.#handler.onEnd(reusable);
  }

  #readHead(bytes: Buffer, from: number, length: number): number {
    let at = from;
    // blank lines before a status line are tolerated, as RFC 9112 says of requests and servers do
    while (this.#carried === null && at < length && (bytes[at] === CR || bytes[at] === LF)) at += 1;
    if (at === length) return at;
    const end = this.#carried === null ? bytes.indexOf(HEAD_END, at) : -1;
    if (end >= 0 && end + HEAD_END.length <= length) {
      this.#startBody(bytes.toString("latin1", at, end), end + HEAD_END.length === length);
      return end + HEAD_END.length;
    }
    return this.#carryHead(bytes, at, length);
  }

  /** The head spans pieces: they are joined until its end is there. @returns Where the head ends in `bytes`. */
  #carryHead(bytes: Buffer, at: number, length: number): number {
    const before = this.#carried?.length ?? 0;
    const piece = bytes.subarray(at, length);
    const joined = this.#carried === null ? Buffer.from(piece) : Buffer.concat([this.#carried, piece]);
    assertStart(joined);
    const end = joined.indexOf(HEAD_END, Math.max(0, before - HEAD_END.length));
    if (end > MAX_HEAD_BYTES || (end < 0 && joined.length > MAX_HEAD_BYTES))
      throw new HttpProtocolError(`the head is longer than ${MAX_HEAD_BYTES} bytes`);
    if (end < 0) {
      assertLineEnds(joined, before);
      this.#carried = joined;
      return length;
    }
    this.#carried = null;
    const used = end + HEAD_END.length - before;
    this.#startBody(joined.toString("latin1", 0, end), at + used === length);
    return at + used;
  }

  #startBody(text: string, isWholePiece: boolean): void {
    if (text.length > MAX_HEAD_BYTES) throw new HttpProtocolError(`the head is longer than ${MAX_HEAD_BYTES} bytes`);
    const head = heads.parse(text, this.#hasBody);
    if (head.status === 101) throw new HttpProtocolError("the server switched to another protocol");
    if (head.status < 200) return; // interim: the final head follows
    this.#keepAlive = head.keepAlive;
    this.#remaining = head.bodyLength;
    this.#state = head.bodyLength === CHUNKED ? inChunks : head.bodyLength === UNTIL_CLOSE ? untilClose : inLength;
    if (head.bodyLength === CHUNKED) this.#chunks.begin();
    this.#handler.onHead(head);
    if (head.bodyLength === 0) this.#end(head.keepAlive && isWholePiece);
  }
}

/** Perf: the head of a response is the same as the one before, as a rule: 5 µs and half of the garbage of a short response. */
class HeadMemory {
  #text = "";
  #hasBody = false;
  #head: ParsedHead | null = null;

  parse(text: string, hasBody: boolean): ParsedHead {
    if (this.#head !== null && text === this.#text && hasBody === this.#hasBody) return this.#head;
    this.#head = parseHead(text, hasBody);
    this.#text = text;
    this.#hasBody = hasBody;
    return this.#head;
  }
}

/** Of all connections of the thread: it depends on nothing but the text. */
const heads = new HeadMemory();

/** Tells early that a peer does not speak HTTP/1, before it has sent a whole head. */
function assertStart(bytes: Buffer): void {
  const start = bytes.toString("latin1", 0, Math.min(bytes.length, LONGEST_START));
  if (!("HTTP/1.1 ".startsWith(start) || "HTTP/1.0 ".startsWith(start)))
    throw new HttpProtocolError(`the response begins with ${JSON.stringify(start)}`);
}

/** Tells early that lines end with LF or CR alone: the end of such a head would be awaited for ever. */
function assertLineEnds(bytes: Buffer, from: number): void {
  for (let at = Math.max(1, from); at < bytes.length; at += 1) {
    if (bytes[at] === LF ? bytes[at - 1] !== CR : bytes[at - 1] === CR)
      throw new HttpProtocolError("a line of the head ends with CR or LF alone");
  }
}

import type { ServerResponse } from "node:http";
import type { ReplyPace } from "./engine/reply-pace.js";
import { EventStream } from "./event-stream.js";
import { breakConnection } from "./failures/break-connection.js";
import type { Failure } from "./failures/failure.js";
import { DONE_EVENT, type ReplyFrames } from "./reply-frames.js";
import type { ReplyPlan } from "./reply-plan.js";
import type { RequestRecord } from "./request-record.js";

/** What a stream is made of. */
export interface StreamReplyOptions {
  readonly response: ServerResponse;
  readonly record: RequestRecord;
  readonly frames: ReplyFrames;
  readonly plan: ReplyPlan;
  readonly failure: Failure | null;
  /** Index of the chunk in whose place it fails; as many as there are chunks: in place of the end; -1: nowhere. */
  readonly failAt: number;
  readonly pace: ReplyPace;
}

const DRIP_MS = 10;
const GARBAGE_EVENT = 'data: {"choices":[{"index":0,\n\n';
const ERROR_EVENT =
  'data: {"error":{"message":"An error was injected.","type":"InternalServerError","param":null,"code":500}}\n\n';

/** Writes a stream, each chunk when it is due, with what goes wrong within it. */
export class StreamReply {
  readonly #options: StreamReplyOptions;
  readonly #stream: EventStream;
  #failAt: number;
  /** Added to all times by what went wrong. */
  #delayNs = 0;

  /** Sends the headers and the first events at once. */
  constructor(options: StreamReplyOptions) {
    this.#options = options;
    this.#failAt = options.failAt;
    this.#stream = new EventStream(options.response);
    const events = options.frames.opening();
    if (events.length > 0) this.#stream.write(events);
    this.#schedule(0);
  }

  #schedule(index: number): void {
    this.#options.pace.whenDue(index, this.#delayNs, () => this.#reach(index));
  }

  #reach(index: number): void {
    if (index === this.#failAt) {
      this.#failAt = -1;
      if (this.#fail(index)) return;
    }
    if (index < this.#options.plan.chunks.length) this.#writeChunk(index);
    else this.#close();
  }

  #writeChunk(index: number): void {
    const { frames, record, plan } = this.#options;
    const chunk = plan.chunks[index];
    if (chunk === undefined) throw new RangeError(`chunk ${index} was not planned`);
    const events = frames.chunk(chunk);
    const isLast = index + 1 === plan.chunks.length;
    if (isLast && this.#failAt !== index + 1) {
      this.#stream.end([...events, ...frames.closing()]);
      record.wrote(chunk.tokens);
      record.end("completed", plan.finishReason);
      return;
    }
    this.#stream.write(events);
    record.wrote(chunk.tokens);
    if (isLast) this.#reach(index + 1);
    else this.#schedule(index + 1);
  }

  #close(): void {
    const { frames, record, plan } = this.#options;
    this.#stream.end(frames.closing());
    record.end("completed", plan.finishReason);
  }

  /** Does what goes wrong; false when the chunk follows all the same. */
  #fail(index: number): boolean {
    const { failure, frames, record, response } = this.#options;
    switch (failure?.do) {
      case "reset":
      case "cut":
        record.end("cut", "error");
        breakConnection(response, failure.do);
        return true;
      case "finish":
      case "error":
        this.#stream.end(failure.do === "finish" ? [] : (frames.failure?.() ?? [ERROR_EVENT, DONE_EVENT]));
        record.end("error", "error");
        return true;
      case "stall":
        if (failure.stall_ms === null) return true;
        this.#delayNs += failure.stall_ms * 1e6;
        this.#schedule(index);
        return true;
      case "drip":
        this.#drip(index, (failure.stall_ms ?? DRIP_MS) * 1e6);
        return true;
      default:
        this.#stream.write([GARBAGE_EVENT]);
        return false;
    }
  }

  /** Writes one chunk byte by byte. */
  #drip(index: number, stepNs: number): void {
    const { frames, record, plan, pace } = this.#options;
    const chunk = plan.chunks[index];
    if (chunk === undefined) throw new RangeError(`chunk ${index} was not planned`);
    const text = frames.chunk(chunk).join("");
    const startNs = this.#delayNs;
    for (let at = 0; at < text.length; at += 1) {
      pace.whenDue(index, startNs + at * stepNs, () => {
        this.#stream.write([text.slice(at, at + 1)]);
        if (at < text.length - 1) return;
        record.wrote(chunk.tokens);
        this.#delayNs += at * stepNs;
        if (index + 1 < plan.chunks.length) this.#schedule(index + 1);
        else this.#close();
      });
    }
  }
}

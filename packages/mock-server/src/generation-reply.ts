import type { ServerResponse } from "node:http";
import { EventStream } from "./event-stream.js";
import type { GenerationForm, GenerationRequest } from "./generation-request.js";
import type { MockServerOptions } from "./mock-server-options.js";
import { ReplyContent } from "./reply-content.js";
import type { ReplyContents, ReplyFrames } from "./reply-frames.js";
import { planReply, type ReplyPlan } from "./reply-plan.js";
import { RequestRecord } from "./request-record.js";
import { RequestRefusal } from "./request-refusal.js";
import type { ScheduleClock } from "./schedule-clock.js";
import { seededRandom } from "./seeded-random.js";
import type { ServerCounters } from "./server-counters.js";
import type { TruthLog } from "./truth-log.js";
import type { WriteSchedule } from "./write-schedule.js";

/** What all replies of a server share. */
export interface ReplyScope {
  readonly options: MockServerOptions;
  readonly clock: ScheduleClock;
  readonly schedule: WriteSchedule;
  readonly truth: TruthLog;
  readonly counters: ServerCounters;
}

/** One accepted request for text. */
export interface AcceptedRequest {
  readonly form: GenerationForm;
  readonly frames: (contents: ReplyContents) => ReplyFrames;
  readonly path: string;
  readonly ordinal: number;
  readonly arrivalNs: number;
  readonly request: GenerationRequest;
  /** Identifier of the reply. */
  readonly id: string;
}

/** The reply to one accepted request, from its plan to its end. */
export class GenerationReply {
  readonly #scope: ReplyScope;
  readonly #accepted: AcceptedRequest;
  readonly #response: ServerResponse;
  readonly #plan: ReplyPlan;
  readonly #frames: ReplyFrames;

  constructor(scope: ReplyScope, accepted: AcceptedRequest, response: ServerResponse) {
    const { options } = scope;
    const { form, frames, ordinal, request, id } = accepted;
    this.#scope = scope;
    this.#accepted = accepted;
    this.#response = response;
    this.#plan = planReply(options, ordinal, request);
    const { outputTokens } = this.#plan;
    const content = new ReplyContent({
      ...{ options, ordinal, outputTokens, tools: request.tools },
      ...{ isPlain: form === "completion" || form === "audio", interleaved: form === "chat" },
    });
    this.#frames = frames({
      ...{ form, request, plan: this.#plan, content, model: options.model, id, omitDone: options.omit_done },
    });
  }

  /** Tokens of the whole reply. */
  get outputTokens(): number {
    return this.#plan.outputTokens;
  }

  /**
   * Plans the writes and returns.
   *
   * @throws {RequestRefusal} 500 when that is the request's fate.
   */
  begin(): void {
    const { path, ordinal, arrivalNs, request } = this.#accepted;
    const { promptTokens } = request;
    const record = new RequestRecord(this.#scope, { path, ordinal, arrivalNs, promptTokens }, this.#response);
    if (this.#plan.fate === "error") {
      record.end("error", "error");
      throw new RequestRefusal(500, "An error was injected.", { type: "server_error", code: "injected_error" });
    }
    if (this.#plan.fate === "hang") return;
    if (request.stream) this.#scheduleChunk(record, this.#openStream(), 0);
    else {
      const last = this.#plan.chunks.at(-1)?.offsetNs ?? 0;
      record.at(last, () => (this.#plan.fate === "cut" ? this.#cut(record) : this.#writeWhole(record)));
    }
  }

  #openStream(): EventStream {
    const stream = new EventStream(this.#response);
    const events = this.#frames.opening();
    if (events.length > 0) stream.write(events);
    return stream;
  }

  #scheduleChunk(record: RequestRecord, stream: EventStream, index: number): void {
    const { chunks, cutAt } = this.#plan;
    record.at(chunks[index]?.offsetNs ?? 0, () => {
      if (index === cutAt) this.#cut(record);
      else this.#writeChunk(record, stream, index);
    });
  }

  #writeChunk(record: RequestRecord, stream: EventStream, index: number): void {
    const chunk = this.#plan.chunks[index];
    if (chunk === undefined) throw new RangeError(`chunk ${index} was not planned`);
    const events = this.#frames.chunk(chunk);
    if (index + 1 < this.#plan.chunks.length) {
      stream.write(events);
      record.wrote(chunk.tokens);
      this.#scheduleChunk(record, stream, index + 1);
      return;
    }
    stream.end([...events, ...this.#frames.closing()]);
    record.wrote(chunk.tokens);
    record.end("completed", this.#plan.finishReason);
  }

  #writeWhole(record: RequestRecord): void {
    const body = this.#frames.whole();
    this.#response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    this.#response.end(body, "latin1");
    record.wrote(this.#plan.outputTokens);
    record.end("completed", this.#plan.finishReason);
  }

  #cut(record: RequestRecord): void {
    record.end("cut", "error");
    this.#response.destroy();
  }
}

/** Digits of an identifier: the same seed and ordinal give the same. */
export function replyId(seed: number, ordinal: number): string {
  const random = seededRandom(seed, ordinal, "id");
  const word = () =>
    Math.floor(random.uniform() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return `${word()}${word()}`;
}

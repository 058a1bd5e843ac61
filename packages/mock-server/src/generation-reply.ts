import type { ServerResponse } from "node:http";
import { EventStream } from "./event-stream.js";
import { FORMS } from "./forms.js";
import type { GenerationForm, GenerationRequest } from "./generation-request.js";
import type { MockServerOptions } from "./mock-server-options.js";
import { ReplyContent } from "./reply-content.js";
import type { ReplyFrames } from "./reply-frames.js";
import { planReply, type ReplyPlan } from "./reply-plan.js";
import { RequestRefusal } from "./request-refusal.js";
import type { ScheduleClock } from "./schedule-clock.js";
import { seededRandom } from "./seeded-random.js";
import type { ServerCounters } from "./server-counters.js";
import type { OpenTruthEntry, RequestOutcome, TruthLog } from "./truth-log.js";
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
  readonly #entry: OpenTruthEntry;

  constructor(scope: ReplyScope, accepted: AcceptedRequest, response: ServerResponse) {
    const { options } = scope;
    const { form, path, ordinal, arrivalNs, request, id } = accepted;
    const { promptTokens } = request;
    this.#scope = scope;
    this.#accepted = accepted;
    this.#response = response;
    this.#plan = planReply(options, ordinal, request);
    const { outputTokens } = this.#plan;
    const content = new ReplyContent({
      ...{ options, ordinal, outputTokens, tools: request.tools },
      ...{ isPlain: form === "completion", interleaved: form === "chat" },
    });
    this.#frames = FORMS[form].frames({
      ...{ form, request, plan: this.#plan, content, model: options.model, id, omitDone: options.omit_done },
    });
    this.#entry = {
      ...{ ordinal, arrivalNs, path, model: options.model, promptTokens, outputTokens: 0, tokenWritesNs: [] },
      ...{ completed: false, outcome: "running", endNs: null },
    };
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
    const { truth, counters } = this.#scope;
    truth.add(this.#entry);
    counters.running += 1;
    counters.promptTokens += this.#accepted.request.promptTokens;
    this.#response.once("close", () => this.#finish("client_left"));
    if (this.#plan.fate === "error") {
      this.#finish("error");
      throw new RequestRefusal(500, "An error was injected.", { type: "server_error", code: "injected_error" });
    }
    if (this.#plan.fate === "hang") return;
    if (this.#accepted.request.stream) this.#scheduleChunk(this.#openStream(), 0);
    else this.#at(this.#plan.chunks.length - 1, () => (this.#plan.fate === "cut" ? this.#cut() : this.#writeWhole()));
  }

  #at(chunk: number, write: () => void): void {
    const { arrivalNs } = this.#accepted;
    this.#scope.schedule.at(arrivalNs + (this.#plan.chunks[chunk]?.offsetNs ?? 0), () => {
      if (this.#entry.outcome === "running") write();
    });
  }

  #openStream(): EventStream {
    const stream = new EventStream(this.#response);
    const events = this.#frames.opening();
    if (events.length > 0) stream.write(events);
    return stream;
  }

  #scheduleChunk(stream: EventStream, index: number): void {
    this.#at(index, () => (index === this.#plan.cutAt ? this.#cut() : this.#writeChunk(stream, index)));
  }

  #writeChunk(stream: EventStream, index: number): void {
    const chunk = this.#plan.chunks[index];
    if (chunk === undefined) throw new RangeError(`chunk ${index} was not planned`);
    const events = this.#frames.chunk(chunk);
    if (index + 1 < this.#plan.chunks.length) {
      stream.write(events);
      this.#countTokens(chunk.tokens);
      this.#scheduleChunk(stream, index + 1);
      return;
    }
    stream.end([...events, ...this.#frames.closing()]);
    this.#countTokens(chunk.tokens);
    this.#finish("completed");
  }

  #writeWhole(): void {
    const body = this.#frames.whole();
    this.#response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    this.#response.end(body, "latin1");
    this.#countTokens(this.#plan.outputTokens);
    this.#finish("completed");
  }

  #cut(): void {
    this.#finish("cut");
    this.#response.destroy();
  }

  #countTokens(tokens: number): void {
    this.#entry.tokenWritesNs.push(this.#scope.clock.nowNs());
    this.#entry.outputTokens += tokens;
    this.#scope.counters.generationTokens += tokens;
  }

  #finish(outcome: Exclude<RequestOutcome, "running">): void {
    if (this.#entry.outcome !== "running") return;
    this.#entry.outcome = outcome;
    this.#entry.completed = outcome === "completed";
    this.#entry.endNs = this.#scope.clock.nowNs();
    const reason = { completed: this.#plan.finishReason, client_left: "abort", error: "error", cut: "error" } as const;
    this.#scope.counters.countEnd(reason[outcome]);
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

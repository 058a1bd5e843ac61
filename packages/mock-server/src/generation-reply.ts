import type { ServerResponse } from "node:http";
import type { Admission } from "./admission.js";
import type { BatchEngine } from "./engine/batch-engine.js";
import { BatchPace } from "./engine/batch-pace.js";
import type { PrefixCache } from "./engine/prefix-cache.js";
import { ownPace, type ReplyPace } from "./engine/reply-pace.js";
import { failBeforeHeaders } from "./failures/fail-before-headers.js";
import type { Failure } from "./failures/failure.js";
import { failureChunk } from "./failures/failure-chunk.js";
import type { GenerationForm, GenerationRequest } from "./generation-request.js";
import type { Incidents } from "./incidents/incidents.js";
import type { MockServerOptions } from "./mock-server-options.js";
import { ReplyContent } from "./reply-content.js";
import type { ReplyContents, ReplyFrames } from "./reply-frames.js";
import { planReply, type ReplyPlan } from "./reply-plan.js";
import { RequestRecord } from "./request-record.js";
import type { StoredConversation } from "./response-store.js";
import type { ScheduleClock } from "./schedule-clock.js";
import { seededRandom } from "./seeded-random.js";
import type { ServerCounters } from "./server-counters.js";
import { StreamReply } from "./stream-reply.js";
import type { TruthLog } from "./truth-log.js";
import { sendWhole } from "./whole-reply.js";
import type { WriteSchedule } from "./write-schedule.js";

/** What all replies of a server share. */
export interface ReplyScope {
  readonly options: MockServerOptions;
  readonly clock: ScheduleClock;
  readonly schedule: WriteSchedule;
  readonly truth: TruthLog;
  readonly counters: ServerCounters;
  readonly admission: Admission;
  readonly incidents: Incidents;
  /** Requests that have not ended. */
  readonly open: Set<RequestRecord>;
  /** Null: each reply keeps its own times. */
  readonly engine: BatchEngine | null;
  /** Null: every prompt is computed. */
  readonly prefixCache: PrefixCache | null;
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
  readonly failure: Failure | null;
}

/** The reply to one accepted request, from its plan to its end. */
export class GenerationReply {
  readonly #scope: ReplyScope;
  readonly #accepted: AcceptedRequest;
  readonly #response: ServerResponse;
  readonly #plan: ReplyPlan;
  readonly #content: ReplyContent;
  readonly #frames: ReplyFrames;

  constructor(scope: ReplyScope, accepted: AcceptedRequest, response: ServerResponse) {
    const { options } = scope;
    const { form, frames, ordinal, request, id } = accepted;
    this.#scope = scope;
    this.#accepted = accepted;
    this.#response = response;
    this.#plan = planReply(options, ordinal, request);
    const { outputTokens } = this.#plan;
    this.#content = new ReplyContent({
      ...{ options, ordinal, outputTokens, tools: request.tools },
      ...{ isPlain: form === "completion" || form === "audio", interleaved: form === "chat" },
    });
    this.#frames = frames({
      ...{
        form,
        request,
        plan: this.#plan,
        content: this.#content,
        model: options.model,
        id,
        omitDone: options.omit_done,
      },
    });
  }

  /** The prompt and the reply, their texts where a cache looks for them. */
  conversation(): StoredConversation {
    const { promptTokens, promptPieces } = this.#accepted.request;
    const pieces = this.#scope.prefixCache === null ? [] : [...promptPieces, this.#content.text];
    return { tokens: promptTokens + this.#plan.outputTokens, pieces };
  }

  /**
   * Plans the writes and returns.
   *
   * @throws {RequestRefusal} When that is how it fails, and 503 when too many wait.
   */
  begin(): void {
    const { form, path, ordinal, arrivalNs, request, failure } = this.#accepted;
    const read = {
      path,
      ordinal,
      arrivalNs,
      promptTokens: request.promptTokens,
      failure,
      cachedTokens: request.cachedTokens,
    };
    const record = new RequestRecord(this.#scope, read);
    this.#response.once("close", () => record.end("client_left", "abort"));
    const delayNs = failBeforeHeaders(failure, record, this.#response);
    if (delayNs === null) return;
    record.admit(form !== "audio", () => {
      const pace = this.#paceOf(record, delayNs);
      this.#fillCache(pace);
      if (!request.stream) this.#sendWhole(record, pace);
      else if (delayNs === 0) this.#stream(record, pace);
      else record.at(delayNs, () => this.#stream(record, pace));
    });
  }

  /** The prompt can be found from the first token on, the reply with it from the last. */
  #fillCache(pace: ReplyPace): void {
    const { prefixCache } = this.#scope;
    const { promptPieces } = this.#accepted.request;
    if (prefixCache === null || promptPieces.length === 0) return;
    pace.whenDue(0, 0, () => prefixCache.add(promptPieces));
    pace.whenDue(this.#plan.chunks.length - 1, 0, () => prefixCache.add(this.conversation().pieces));
  }

  #paceOf(record: RequestRecord, delayNs: number): ReplyPace {
    const { options, engine } = this.#scope;
    const { form, request } = this.#accepted;
    const prefillTokens = request.promptTokens - (request.cachedTokens ?? 0);
    if (engine === null || form === "audio") {
      return ownPace(record, this.#plan, delayNs + prefillTokens * options.prefill_ms_per_token * 1e6);
    }
    const entryNs = this.#plan.chunks[0]?.offsetNs ?? 0;
    return new BatchPace(engine, record, this.#plan, { delayNs: delayNs + entryNs, prefillTokens });
  }

  #stream(record: RequestRecord, pace: ReplyPace): void {
    const { ordinal, failure } = this.#accepted;
    const plan = this.#plan;
    const failAt = failureChunk(failure, plan, seededRandom(this.#scope.options.seed, ordinal, "place"));
    new StreamReply({ response: this.#response, record, frames: this.#frames, plan, failure, failAt, pace });
  }

  #sendWhole(record: RequestRecord, pace: ReplyPace): void {
    const { outputTokens, finishReason, chunks } = this.#plan;
    sendWhole({
      ...{ response: this.#response, record, failure: this.#accepted.failure },
      whenDue: (laterNs, write) => pace.whenDue(chunks.length - 1, laterNs, write),
      body: () => this.#frames.whole(),
      written: () => {
        record.wrote(outputTokens);
        record.end("completed", finishReason);
      },
    });
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

import type { WebSocket } from "ws";
import type { ReplyScope } from "../generation-reply.js";
import { planReply, type ReplyPlan } from "../reply-plan.js";
import { tokensText } from "../reply-text.js";
import type { OpenTruthEntry, RequestOutcome } from "../truth-log.js";

/** Audio tokens per second of audio. */
const TOKENS_PER_SECOND = 25;

/** One accepted transcription. */
export interface AcceptedTranscription {
  readonly ordinal: number;
  /** When the commit that ends the audio had arrived: the times of the reply count from here. */
  readonly arrivalNs: number;
  readonly seconds: number;
}

/** The transcription of one piece of audio: its text is drawn, not heard; its timing is that of a streamed reply. */
export class TranscriptionReply {
  readonly #scope: ReplyScope;
  readonly #accepted: AcceptedTranscription;
  readonly #webSocket: WebSocket;
  readonly #plan: ReplyPlan;
  readonly #entry: OpenTruthEntry;

  constructor(scope: ReplyScope, accepted: AcceptedTranscription, webSocket: WebSocket) {
    const { ordinal, arrivalNs, seconds } = accepted;
    this.#scope = scope;
    this.#accepted = accepted;
    this.#webSocket = webSocket;
    this.#plan = planReply(scope.options, ordinal, { maxTokens: null, minTokens: 0, ignoreEos: false });
    this.#entry = {
      ...{ ordinal, arrivalNs, path: "/v1/realtime", model: scope.options.model, outputTokens: 0, tokenWritesNs: [] },
      ...{ promptTokens: Math.ceil(seconds * TOKENS_PER_SECOND), completed: false, outcome: "running", endNs: null },
    };
  }

  /** Whether it has not ended. */
  get isRunning(): boolean {
    return this.#entry.outcome === "running";
  }

  /** Plans the writes and returns. */
  begin(): void {
    const { truth, counters } = this.#scope;
    truth.add(this.#entry);
    counters.running += 1;
    counters.promptTokens += this.#entry.promptTokens;
    if (this.#plan.fate === "error") {
      this.#finish("error");
      this.#webSocket.send('{"type":"error","error":"An error was injected.","code":"injected_error"}');
    } else if (this.#plan.fate !== "hang") this.#scheduleChunk(0);
  }

  /** The connection has ended. */
  clientLeft(): void {
    this.#finish("client_left");
  }

  #scheduleChunk(index: number): void {
    const dueNs = this.#accepted.arrivalNs + (this.#plan.chunks[index]?.offsetNs ?? 0);
    this.#scope.schedule.at(dueNs, () => {
      if (!this.isRunning) return;
      if (index === this.#plan.cutAt) this.#cut();
      else this.#writeChunk(index);
    });
  }

  #writeChunk(index: number): void {
    const chunk = this.#plan.chunks[index];
    if (chunk === undefined) throw new RangeError(`chunk ${index} was not planned`);
    this.#webSocket.send(
      JSON.stringify({ type: "transcription.delta", delta: this.#text(chunk.firstToken, chunk.tokens) }),
    );
    const isLast = index + 1 === this.#plan.chunks.length;
    if (isLast) this.#writeEnd();
    this.#entry.tokenWritesNs.push(this.#scope.clock.nowNs());
    this.#entry.outputTokens += chunk.tokens;
    this.#scope.counters.generationTokens += chunk.tokens;
    if (isLast) this.#finish("completed");
    else this.#scheduleChunk(index + 1);
  }

  #writeEnd(): void {
    const { outputTokens } = this.#plan;
    const { promptTokens } = this.#entry;
    const usage = {
      ...{ prompt_tokens: promptTokens, completion_tokens: outputTokens, total_tokens: promptTokens + outputTokens },
      seconds: this.#accepted.seconds,
    };
    this.#webSocket.send(JSON.stringify({ type: "transcription.done", text: this.#text(0, outputTokens), usage }));
  }

  #text(firstToken: number, tokens: number): string {
    return tokensText(this.#accepted.ordinal, firstToken, tokens, this.#scope.options.empty_token_every);
  }

  #cut(): void {
    this.#finish("cut");
    this.#webSocket.terminate();
  }

  #finish(outcome: Exclude<RequestOutcome, "running">): void {
    if (!this.isRunning) return;
    this.#entry.outcome = outcome;
    this.#entry.completed = outcome === "completed";
    this.#entry.endNs = this.#scope.clock.nowNs();
    const reason = { completed: this.#plan.finishReason, client_left: "abort", error: "error", cut: "error" } as const;
    this.#scope.counters.countEnd(reason[outcome]);
  }
}

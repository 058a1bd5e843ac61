import type { WebSocket } from "ws";
import { chooseFailure } from "../failures/choose-failure.js";
import type { Failure } from "../failures/failure.js";
import { failureChunk } from "../failures/failure-chunk.js";
import type { ReplyScope } from "../generation-reply.js";
import { planReply, type ReplyPlan } from "../reply-plan.js";
import { tokensText } from "../reply-text.js";
import { RequestRecord } from "../request-record.js";
import { seededRandom } from "../seeded-random.js";

const ERROR_MESSAGE = '{"type":"error","error":"An error was injected.","code":"injected_error"}';

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
  readonly #failure: Failure | null;
  readonly #promptTokens: number;
  #record: RequestRecord | null = null;
  /** Index of the chunk in whose place it fails. */
  #failAt: number;
  #delayNs = 0;

  constructor(scope: ReplyScope, accepted: AcceptedTranscription, webSocket: WebSocket) {
    const { options } = scope;
    const { ordinal, seconds } = accepted;
    this.#scope = scope;
    this.#accepted = accepted;
    this.#webSocket = webSocket;
    this.#plan = planReply(options, ordinal, { maxTokens: null, minTokens: 0, ignoreEos: false });
    const incident = scope.incidents.failureAt(accepted.arrivalNs);
    this.#failure = chooseFailure(options, ordinal, { headers: {}, incident });
    this.#failAt = failureChunk(this.#failure, this.#plan, seededRandom(options.seed, ordinal, "place"));
    if (this.#failure?.at === "headers") this.#failAt = 0; // a message has none
    this.#promptTokens = Math.ceil(seconds * options.audio_tokens_per_second);
  }

  /** Whether it has begun and not ended. */
  get isRunning(): boolean {
    return this.#record?.isRunning ?? false;
  }

  /** Plans the writes and returns. */
  begin(): void {
    const { ordinal, arrivalNs } = this.#accepted;
    const promptTokens = this.#promptTokens;
    const request = {
      path: "/v1/realtime",
      ordinal,
      arrivalNs,
      promptTokens,
      cachedTokens: null,
      failure: this.#failure,
    };
    const record = new RequestRecord(this.#scope, request);
    this.#record = record;
    record.admit(false, () => this.#schedule(record, 0));
  }

  /** The connection has ended. */
  clientLeft(): void {
    this.#record?.end("client_left", "abort");
  }

  #schedule(record: RequestRecord, index: number): void {
    const { chunks } = this.#plan;
    const { offsetNs } = chunks[Math.min(index, chunks.length - 1)] ?? { offsetNs: 0 };
    record.at(offsetNs + this.#delayNs, () => {
      if (index === this.#failAt && this.#fail(record, index)) return;
      if (index < chunks.length) this.#writeChunk(record, index);
      else this.#writeEnd(record);
    });
  }

  #writeChunk(record: RequestRecord, index: number): void {
    const chunk = this.#plan.chunks[index];
    if (chunk === undefined) throw new RangeError(`chunk ${index} was not planned`);
    const delta = this.#text(chunk.firstToken, chunk.tokens);
    this.#webSocket.send(JSON.stringify({ type: "transcription.delta", delta }));
    record.wrote(chunk.tokens);
    const isLast = index + 1 === this.#plan.chunks.length;
    if (isLast && this.#failAt !== index + 1) this.#writeEnd(record);
    else this.#schedule(record, index + 1);
  }

  #writeEnd(record: RequestRecord): void {
    const { outputTokens, finishReason } = this.#plan;
    const promptTokens = this.#promptTokens;
    const usage = {
      ...{ prompt_tokens: promptTokens, completion_tokens: outputTokens, total_tokens: promptTokens + outputTokens },
      seconds: this.#accepted.seconds,
    };
    this.#webSocket.send(JSON.stringify({ type: "transcription.done", text: this.#text(0, outputTokens), usage }));
    record.end("completed", finishReason);
  }

  #text(firstToken: number, tokens: number): string {
    return tokensText(this.#accepted.ordinal, firstToken, tokens, this.#scope.options.empty_token_every);
  }

  /** Does what goes wrong; false when the message follows all the same. */
  #fail(record: RequestRecord, index: number): boolean {
    this.#failAt = -1;
    switch (this.#failure?.do) {
      case "status":
      case "error":
        record.end("error", "error");
        this.#webSocket.send(ERROR_MESSAGE);
        return true;
      case "stall":
        if (this.#failure.stall_ms === null) return true;
        this.#delayNs += this.#failure.stall_ms * 1e6;
        this.#schedule(record, index);
        return true;
      case "garbage":
        this.#webSocket.send('{"type":');
        return false;
      case "drip":
        return false; // a message comes as a whole
      default:
        record.end("cut", "error");
        this.#webSocket.terminate();
        return true;
    }
  }
}

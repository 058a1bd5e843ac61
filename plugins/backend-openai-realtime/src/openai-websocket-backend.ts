import {
  Backend,
  BackendError,
  type GenerationRequest,
  type GenerationResponse,
  type HistoryTurn,
  type PreparedRequest,
  type ResolveContext,
  type ResolveEvent,
} from "@core/backend";
import { webSocketUrl } from "./args/endpoint-urls.js";
import type { OpenAIWebSocketArgs } from "./args/openai-websocket-args.js";
import { audioProblem } from "./audio/audio-problem.js";
import { decodeAudio, type RequestAudio, readAudioColumn } from "./audio/read-audio-column.js";
import { REALTIME_SAMPLE_RATE, toPcm16 } from "./audio/to-pcm16.js";
import { createRedactor, ServerCheck } from "./control/server-check.js";
import { ConnectionPool } from "./session/connection-pool.js";
import type { PreparedRealtimeRequest } from "./session/prepared-realtime-request.js";
import { RealtimeCall } from "./session/realtime-call.js";
import { realtimeMessages } from "./session/realtime-messages.js";
import { type AudioMessages, RecentMessages } from "./session/recent-messages.js";
import type { Transcript } from "./session/transcript.js";
import { VERSION } from "./version.js";

/** Backend for realtime transcription over WebSocket. */
export class OpenAIWebSocketBackend extends Backend<OpenAIWebSocketArgs> {
  readonly #redact: (text: string) => string;
  readonly #check: ServerCheck;
  readonly #recent = new RecentMessages();
  #pool: ConnectionPool | null = null;
  #model: string;

  constructor(args: OpenAIWebSocketArgs) {
    super(args);
    this.#redact = createRedactor(args);
    this.#check = new ServerCheck(args, this.#redact);
    this.#model = args.model;
  }

  /** @throws {BackendError} CORE_BACKEND_NOT_STARTED, CORE_BACKEND_UNREACHABLE. */
  override async validate(): Promise<void> {
    this.assertStarted("validate");
    await this.#check.validate();
  }

  /** @throws {BackendError} CORE_BACKEND_NOT_STARTED, CORE_BACKEND_UNREACHABLE. */
  override async models(): Promise<readonly string[]> {
    this.assertStarted("models");
    return this.#check.models();
  }

  /** @throws {BackendError} CORE_BACKEND_NOT_STARTED, CORE_BACKEND_UNREACHABLE, CORE_BACKEND_NO_MODEL. */
  override async defaultModel(): Promise<string> {
    if (this.#model !== "") return this.#model;
    const [first] = await this.models();
    if (first === undefined) {
      throw new BackendError("No model is configured and the server lists none.", {
        code: "CORE_BACKEND_NO_MODEL",
        hint: "Name the model with model=….",
      });
    }
    this.#model = first;
    return first;
  }

  override async warm(connections: number): Promise<void> {
    await this.#started("warm").warm(connections);
  }

  /** @throws {BackendError} CORE_BACKEND_NOT_STARTED, CORE_BACKEND_NO_MODEL, CORE_BACKEND_UNUSABLE_REQUEST. */
  override prepare(request: GenerationRequest, history: readonly HistoryTurn[] | null): PreparedRealtimeRequest {
    this.assertStarted("prepare");
    if (history !== null && history.length > 0) {
      throw new BackendError(`The request ${request.requestId} has earlier turns, which a transcription cannot have.`, {
        code: "CORE_BACKEND_UNUSABLE_REQUEST",
        hint: "Give data with one turn per conversation.",
      });
    }
    if (this.#model === "") {
      throw new BackendError("The model is not known yet: call defaultModel first, or configure model=….", {
        code: "CORE_BACKEND_NO_MODEL",
      });
    }
    const audio = readAudioColumn(request);
    const encoding = `${String(audio.format)} ${String(audio.sampleRate)}`;
    const made = this.#recent.of(audio.bytes, encoding, () => this.#makeMessages(audio));
    return { ...made, request, history };
  }

  /** @throws {BackendError} CORE_BACKEND_NOT_STARTED. */
  override async *resolve(prepared: PreparedRequest, context: ResolveContext): AsyncGenerator<ResolveEvent, void> {
    const pool = this.#started("resolve");
    const request = prepared as PreparedRealtimeRequest; // made by prepare
    const call = new RealtimeCall({
      context,
      pool,
      messages: request.messages,
      readTimeoutMs: toMilliseconds(this.args.timeout),
      redact: this.#redact,
      toResponse: (transcript) => this.#response(request, context, transcript),
    });
    try {
      call.start();
      const first = await call.first;
      yield first;
      if (first.type === "first-token") yield await call.end;
    } finally {
      call.cancel(); // when the caller stopped listening; else it has ended
    }
  }

  protected override async start(): Promise<void> {
    const { target, request_format, api_key, verify, timeout_connect, keep_alive } = this.args;
    const key = api_key?.reveal() ?? "";
    this.#pool = new ConnectionPool(
      {
        url: webSocketUrl(target, request_format),
        headers: { "user-agent": `goodput/${VERSION}`, ...(key === "" ? {} : { authorization: `Bearer ${key}` }) },
        verify,
        connectTimeoutMs: toMilliseconds(timeout_connect),
      },
      keep_alive,
    );
  }

  protected override async stop(): Promise<void> {
    this.#pool?.close();
    this.#pool = null;
  }

  #started(caller: string): ConnectionPool {
    this.assertStarted(caller);
    return this.#pool as ConnectionPool; // set by start
  }

  #makeMessages(audio: RequestAudio): AudioMessages {
    const { chunk_samples: chunkSamples, pace, extras } = this.args;
    const samples = toPcm16(decodeAudio(audio));
    if (samples.length === 0) throw audioProblem("it has no samples");
    return {
      messages: realtimeMessages({ samples, chunkSamples, model: this.#model, extras: extras ?? {}, pace }),
      audio: {
        samples: samples.length,
        seconds: samples.length / REALTIME_SAMPLE_RATE,
        bytes: audio.bytes.length,
      },
    };
  }

  #response(
    { request, audio }: PreparedRealtimeRequest,
    { keepText }: ResolveContext,
    transcript: Transcript,
  ): GenerationResponse {
    const { request_format: path, chunk_samples } = this.args;
    return {
      requestId: request.requestId,
      responseId: null,
      requestArgs: keepText ? JSON.stringify({ model: this.#model, path, chunk_samples }) : null,
      text: keepText ? transcript.text : null,
      reasoningText: null,
      toolCalls: null,
      finishReason: null,
      inputMetrics: transcript.inputMetrics(audio),
      outputMetrics: transcript.outputMetrics(),
      responseMetrics: null,
    };
  }
}

function toMilliseconds(seconds: number | null): number {
  return seconds === null ? 0 : Math.max(1, Math.round(seconds * 1000));
}

import {
  EventQueue,
  type GenerationResponse,
  measureText,
  type PartialEvent,
  type RequestFailure,
  type RequestTimings,
  type ResolveContext,
  type ResolveEvent,
  UNKNOWN_USAGE,
} from "@core/backend";
import type { Engine } from "../bridge/engine.js";
import { type EngineFailure, engineFailure } from "../bridge/engine-failure.js";
import type { BridgeFailure, EngineMetrics, RecordSink, RequestUsage } from "../bridge/records.js";
import { clockShift } from "./clock-shift.js";
import { MeanOf } from "./mean-of.js";
import type { PreparedVllmRequest } from "./prepared-vllm-request.js";
import { responseMetrics } from "./response-metrics.js";

const SHOWN_CHARACTERS = 1_024;

/**
 * One request on its way: stamps come from the engine's side of the channel, so that nothing that happens in this
 * process moves them. Ends in exactly one terminal event.
 */
export class VllmCall implements RecordSink {
  readonly events = new EventQueue();
  readonly #context: ResolveContext;
  readonly #timings: RequestTimings;
  readonly #prepared: PreparedVllmRequest;
  readonly #engine: Engine;
  /** Adds to an instant of the session to get one of the run's clock. */
  readonly #shiftNs: number;
  readonly #pieces: string[] = [];
  #rid = 0;
  #sentNs = Number.NaN;
  #promptTokens: number | null = null;
  #cachedTokens: number | null = null;
  #tokens = 0;
  #finishReason: string | null = null;
  #metrics: unknown = null;
  /** From the engine's step to the output in the bridge. */
  readonly #outputDelay = new MeanOf();
  #isTold = false;

  constructor(prepared: PreparedVllmRequest, context: ResolveContext, engine: Engine) {
    this.#prepared = prepared;
    this.#context = context;
    this.#timings = context.timings;
    this.#engine = engine;
    this.#shiftNs = clockShift(context.clock, engine.epochNs);
  }

  /** Sends the request and listens to the signal. */
  start(): void {
    const { signal, clock } = this.#context;
    if (signal.aborted) {
      this.cancel();
      return;
    }
    if (this.#engine.failure !== null) {
      this.#settle("errored", clock.nowNs(), { ...shown(this.#engine.failure), phase: "connect" });
      return;
    }
    signal.addEventListener("abort", this.cancel);
    this.#sentNs = clock.nowNs();
    this.#timings.sendNs = this.#sentNs; // until the engine's side tells when it took the request
    this.#timings.requestBytes = this.#prepared.frame.length;
    this.#rid = this.#engine.generate(this.#prepared.frame, this);
  }

  /** Cuts the request; what has arrived is told as a partial event. Does nothing after the end. */
  cancel = (): void => {
    if (this.#isTold) return;
    this.#engine.abort(this.#rid);
    this.#settle("cancelled", this.#context.clock.nowNs(), {
      code: "CORE_BACKEND_CANCELLED",
      message: "The request was cut by the client before it ended",
      phase: "cancel",
    });
  };

  started(_receivedNs: number, submittedNs: number): void {
    this.#timings.sendNs = submittedNs + this.#shiftNs;
  }

  prompt(tokens: number, cachedTokens: number | null): void {
    this.#promptTokens = tokens;
    this.#cachedTokens = cachedTokens;
  }

  delta(atSessionNs: number, coreNs: number | null, tokens: number, text: string): void {
    const atNs = atSessionNs + this.#shiftNs;
    const timings = this.#timings;
    if (timings.iterations === 0) timings.firstByteNs = atNs;
    timings.iteration(atNs);
    this.#tokens += tokens;
    if (coreNs !== null) this.#outputDelay.add(atSessionNs - coreNs);
    if (text !== "") this.#pieces.push(text);
    if (tokens === 0 || !this.#prepared.stream) return;
    if (timings.tokenIterations === 0) this.events.push({ type: "first-token", atNs });
    timings.token(atNs, true);
  }

  choiceEnded(finishReason: string): void {
    this.#finishReason = finishReason;
  }

  ended(atSessionNs: number, usage: RequestUsage, metrics: EngineMetrics | null): void {
    const atNs = atSessionNs + this.#shiftNs;
    this.#metrics = responseMetrics(metrics, {
      bridgeNs: this.#timings.sendNs - this.#sentNs,
      outputNs: this.#outputDelay.mean,
    });
    if (!this.#prepared.stream) this.#stampByEngine(metrics);
    const problem = this.#problem(usage);
    if (problem === null) {
      this.#timings.endNs = atNs;
      this.#tell({ type: "final", response: this.#response() });
    } else {
      this.#settle("errored", atNs, { ...problem, phase: "stream" });
    }
  }

  failed(atSessionNs: number, failure: BridgeFailure): void {
    this.lost(atSessionNs, engineFailure(failure, "VLLM_PYTHON_GENERATION_FAILED"));
  }

  lost(atSessionNs: number, failure: EngineFailure): void {
    const isGone = failure.code === "VLLM_PYTHON_ENGINE_DEAD" || failure.code === "VLLM_PYTHON_PROCESS_EXITED";
    const phase = this.#timings.iterations > 0 ? "stream" : isGone ? "connect" : "first_byte";
    this.#settle("errored", atSessionNs + this.#shiftNs, { ...shown(failure), phase });
  }

  /** An answer as a whole has the engine's own stamps of its first and last token, when the engine tells them. */
  #stampByEngine(metrics: EngineMetrics | null): void {
    if (metrics?.first_token == null || metrics.last_token == null) return;
    this.#timings.firstTokenNs = metrics.first_token + this.#shiftNs;
    this.#timings.firstOutputTokenNs = this.#timings.firstTokenNs;
    this.#timings.lastTokenNs = metrics.last_token + this.#shiftNs;
  }

  /** What is wrong with a request that ended; null when it is whole. */
  #problem(usage: RequestUsage): Pick<RequestFailure, "code" | "message"> | null {
    if (usage.aborted || this.#finishReason === "abort" || this.#finishReason === "error") {
      return { code: "VLLM_PYTHON_GENERATION_FAILED", message: "The engine ended the request before it was complete." };
    }
    if (usage.completion_tokens === this.#tokens) return null;
    return {
      code: "VLLM_PYTHON_PROTOCOL",
      message: `The engine made ${usage.completion_tokens} tokens, but ${this.#tokens} arrived.`,
    };
  }

  #settle(reason: PartialEvent["reason"], atNs: number, failure: RequestFailure): void {
    this.#timings.endNs = atNs;
    this.#tell({ type: "partial", reason, response: this.#response(), failure });
  }

  #tell(event: ResolveEvent): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#context.signal.removeEventListener("abort", this.cancel);
    this.events.push(event);
  }

  #response(): GenerationResponse {
    const { request, sampling, prompt } = this.#prepared;
    const { keepText } = this.#context;
    const text = this.#pieces.join("");
    return {
      requestId: request.requestId,
      responseId: this.#rid === 0 ? null : String(this.#rid),
      requestArgs: keepText
        ? JSON.stringify({ messages: prompt.messages, media: prompt.media.length, sampling })
        : null,
      text: keepText ? text : null,
      reasoningText: null,
      toolCalls: null,
      finishReason: this.#finishReason,
      inputMetrics: { ...request.inputMetrics, text_tokens: this.#promptTokens, cached_tokens: this.#cachedTokens },
      outputMetrics: { ...UNKNOWN_USAGE, text_tokens: this.#tokens, ...measureText(text) },
      responseMetrics: this.#metrics,
    };
  }
}

function shown({ code, message, hint }: EngineFailure): Pick<RequestFailure, "code" | "message"> {
  return { code, message: `${message} ${hint}`.slice(0, SHOWN_CHARACTERS) };
}

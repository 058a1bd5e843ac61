import { setTimeout as delay } from "node:timers/promises";
import {
  Backend,
  BackendError,
  type GenerationRequest,
  type GenerationResponse,
  type HistoryTurn,
  measureText,
  type PreparedRequest,
  type ResolveContext,
  type ResolveEvent,
  UNKNOWN_USAGE,
} from "@core/backend";
import type { EchoArgs } from "./args.js";

const MODEL = "echo";

/** A request with the words that will be answered. */
export interface EchoPreparedRequest extends PreparedRequest {
  readonly promptWords: readonly string[];
  readonly answer: readonly string[];
}

/** Answers with the words of the prompt, one token each, repeated or cut to the requested length. */
export class EchoBackend extends Backend<EchoArgs> {
  async validate(): Promise<void> {
    this.assertStarted("validate");
  }

  async models(): Promise<readonly string[]> {
    this.assertStarted("models");
    return [MODEL];
  }

  async defaultModel(): Promise<string> {
    return MODEL;
  }

  prepare(request: GenerationRequest, history: readonly HistoryTurn[] | null): EchoPreparedRequest {
    const texts = [...(request.columns["prefix_column"] ?? []), ...(request.columns["text_column"] ?? [])];
    const promptWords = texts.join(" ").match(/\S+/g) ?? [];
    if (promptWords.length === 0) {
      throw new BackendError(`The request ${request.requestId} has no text to echo.`, {
        code: "CORE_BACKEND_UNUSABLE_REQUEST",
        hint: "Give data with a text column.",
      });
    }
    const length = this.args.tokens ?? request.outputMetrics.text_tokens ?? promptWords.length;
    const answer = Array.from({ length }, (_, index) => promptWords[index % promptWords.length] ?? "");
    return { request, history, promptWords, answer };
  }

  async *resolve(prepared: PreparedRequest, context: ResolveContext): AsyncGenerator<ResolveEvent> {
    this.assertStarted("resolve");
    const echo = prepared as EchoPreparedRequest; // the host hands back what prepare made
    const { timings, clock, signal } = context;
    let given = 0;
    try {
      signal.throwIfAborted();
      timings.sendNs = clock.nowNs();
      await this.#wait(this.args.delay_ms, signal);
      timings.firstByteNs = clock.nowNs();
      for (; given < echo.answer.length; given += 1) {
        if (given > 0) await this.#wait(this.args.token_gap_ms, signal);
        if (!this.args.stream) continue;
        const atNs = clock.nowNs();
        timings.iteration(atNs);
        timings.token(atNs, true);
        if (given === 0) yield { type: "first-token", atNs };
      }
    } catch (error) {
      if (!signal.aborted) throw error; // a bug of this backend, not a failed request
      timings.endNs = clock.nowNs();
      const failure = {
        code: "CORE_BACKEND_CANCELLED",
        message: "The request was cut.",
        phase: "cancel",
      } as const;
      yield { type: "partial", reason: "cancelled", response: this.#respond(echo, given, context), failure };
      return;
    }
    timings.endNs = clock.nowNs();
    yield { type: "final", response: this.#respond(echo, given, context) };
  }

  protected async start(): Promise<void> {}

  protected async stop(): Promise<void> {}

  async #wait(durationMs: number, signal: AbortSignal): Promise<void> {
    if (durationMs > 0) await delay(durationMs, undefined, { signal });
    signal.throwIfAborted();
  }

  #respond(prepared: EchoPreparedRequest, tokens: number, { keepText }: ResolveContext): GenerationResponse {
    const text = prepared.answer.slice(0, tokens).join(" ");
    return {
      requestId: prepared.request.requestId,
      responseId: null,
      requestArgs: keepText
        ? JSON.stringify({ words: prepared.promptWords.length, tokens: prepared.answer.length })
        : null,
      text: keepText ? text : null,
      reasoningText: null,
      toolCalls: null,
      finishReason: tokens === prepared.answer.length ? "stop" : null,
      inputMetrics: { ...UNKNOWN_USAGE, text_tokens: prepared.promptWords.length },
      outputMetrics: { ...UNKNOWN_USAGE, text_tokens: tokens, ...measureText(text) },
      responseMetrics: null,
    };
  }
}

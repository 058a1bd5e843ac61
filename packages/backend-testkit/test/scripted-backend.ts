import { once } from "node:events";
import {
  Backend,
  BackendError,
  type GenerationRequest,
  type GenerationResponse,
  type HistoryTurn,
  measureText,
  nullable,
  type PreparedRequest,
  type RequestFailure,
  type ResolveContext,
  type ResolveEvent,
  registerBackend,
  secretField,
  textField,
  UNKNOWN_USAGE,
} from "@core/backend";
import * as v from "valibot";

const ArgsSchema = v.strictObject({
  kind: v.literal("scripted"),
  behaviour: textField("What the other side would do."),
  flaw: nullable(textField("What this backend does wrong.")),
  api_key: secretField("A key."),
});

type ScriptedArgs = v.InferOutput<typeof ArgsSchema>;

/** A backend whose other side is scripted, right in all respects but the one named by `flaw`. */
export class ScriptedBackend extends Backend<ScriptedArgs> {
  static #stops = 0;
  #latestId = "";
  #isStarted = false;

  override get info(): unknown {
    if (this.#has("random-info")) return { kind: this.kind, nonce: Math.random() };
    if (this.#has("changing-info")) return { kind: this.kind, isStarted: this.#isStarted };
    return this.#has("secret-in-info") ? { kind: this.kind, key: this.args.api_key.reveal() } : super.info;
  }

  async validate(): Promise<void> {
    if (!this.#has("validate-before-startup")) this.assertStarted("validate");
    if (this.args.behaviour !== "unreachable" || this.#has("validates-nothing")) return;
    const what = this.#has("secret-in-check") ? this.args.api_key.reveal() : "Nothing";
    throw new BackendError(`${what} is there.`, { code: "CORE_BACKEND_UNREACHABLE", hint: "Start it." });
  }

  async models(): Promise<readonly string[]> {
    this.assertStarted("models");
    return ["scripted"];
  }

  async defaultModel(): Promise<string> {
    return "scripted";
  }

  prepare(request: GenerationRequest, history: readonly HistoryTurn[] | null): PreparedRequest {
    if (this.#has("changes-the-request")) Object.assign(request, { requestId: "mine" });
    if (Object.keys(request.columns).length === 0 && !this.#has("takes-nothing")) {
      throw new BackendError("There is nothing to send.", { code: "CORE_BACKEND_UNUSABLE_REQUEST" });
    }
    const prepared = { request, history };
    return this.#has("async-prepare") ? (Promise.resolve(prepared) as unknown as PreparedRequest) : prepared;
  }

  async *resolve({ request }: PreparedRequest, context: ResolveContext): AsyncGenerator<ResolveEvent> {
    if (!this.#has("resolve-before-startup")) this.assertStarted("resolve");
    if (this.#has("shared-state") && ScriptedBackend.#stops > 0) throw new Error("the other one has taken it along");
    this.#latestId = request.requestId;
    if (this.#has("keeps-listening")) context.signal.addEventListener("abort", () => {});
    if (this.#has("late-cut")) {
      context.signal.addEventListener("abort", () => {
        context.timings.endNs = 0;
      });
    }
    if (this.#has("stamps-of-the-host")) context.timings.intendedStartNs = context.clock.nowNs();
    if (this.#has("connect-stamps")) context.timings.connectStartNs = context.clock.nowNs();
    const length = request.outputMetrics.text_tokens ?? 3;
    const words: string[] = [];
    try {
      for await (const event of this.#serve(length, words, context)) yield event;
    } catch (error) {
      if (!(error instanceof Failure) || this.#has("throws")) throw error;
      if (!this.#has("no-end-stamp")) context.timings.endNs = context.clock.nowNs();
      if (this.#has("drops-partial-text")) words.length = 0;
      const isCancelled = error.failure.phase === "cancel" && !this.#has("errors-when-cut");
      const reason = isCancelled ? "cancelled" : "errored";
      yield { type: "partial", reason, response: this.#respond(request, words, context), failure: error.failure };
      return;
    }
    context.timings.endNs = this.#has("end-before-token") ? context.timings.sendNs : context.clock.nowNs();
    if (this.#has("no-terminal")) return;
    yield { type: "final", response: this.#respond(request, words, context) };
    if (this.#has("two-terminals")) yield { type: "final", response: this.#respond(request, words, context) };
  }

  protected async start(): Promise<void> {
    this.#isStarted = true;
    ScriptedBackend.#stops = 0;
  }

  protected async stop(): Promise<void> {
    this.#isStarted = false;
    ScriptedBackend.#stops += 1;
  }

  async *#serve(length: number, words: string[], context: ResolveContext): AsyncGenerator<ResolveEvent> {
    const { signal, timings, clock } = context;
    const { behaviour } = this.args;
    if (signal.aborted && !this.#has("sends-when-cut")) throw cut();
    if (behaviour === "connecting") {
      timings.connectStartNs = clock.nowNs();
      if (this.#has("sends-unconnected")) timings.sendNs = clock.nowNs();
      await untilCut(signal);
    }
    timings.sendNs = clock.nowNs();
    if (behaviour === "unreachable") throw new Failure("SCRIPTED_UNREACHABLE", "connect");
    if (behaviour === "silent") await untilCut(signal);
    timings.firstByteNs = clock.nowNs();
    if (behaviour === "failing") {
      const code = this.#has("secret-in-failure") ? this.args.api_key.reveal() : "SCRIPTED_ERROR";
      throw new Failure(code, this.#has("wrong-phase") ? "connect" : "first_byte", {
        ...(this.#has("whole-body") ? { body: "x".repeat(5000) } : {}),
        ...(this.#has("function-in-failure") ? { status: (() => 500) as unknown as number } : {}),
      });
    }
    await Promise.resolve();
    if (signal.aborted) throw cut();
    for (let index = 0; index < length; index += 1) {
      words.push("word");
      if (behaviour === "whole" && !this.#has("invents-tokens")) continue;
      const atNs = clock.nowNs();
      timings.iteration(atNs);
      timings.token(atNs, true);
      if (index === 0 && !this.#has("no-first-token")) yield { type: "first-token", atNs };
      if (behaviour === "stalling") await untilCut(signal);
      await Promise.resolve();
      if (signal.aborted) throw cut();
    }
  }

  #respond(request: GenerationRequest, words: readonly string[], { keepText }: ResolveContext): GenerationResponse {
    const text = words.join(" ");
    const tokens = keepText || !this.#has("counts-need-text") ? words.length : 0;
    return {
      requestId: this.#has("mixes-requests") ? this.#latestId : request.requestId,
      responseId: null,
      requestArgs: this.#has("secret-in-request-args") ? this.args.api_key.reveal() : null,
      text: keepText ? text : null,
      reasoningText: null,
      toolCalls: null,
      finishReason: null,
      inputMetrics: { ...UNKNOWN_USAGE, text_tokens: this.#has("no-usage") ? null : 6 },
      outputMetrics: { ...UNKNOWN_USAGE, ...measureText(text), text_tokens: tokens },
      responseMetrics: this.#has("not-plain-data") ? () => 1 : null,
    };
  }

  #has(flaw: string): boolean {
    return this.args.flaw === flaw;
  }
}

class Failure extends Error {
  readonly failure: RequestFailure;

  constructor(code: string, phase: RequestFailure["phase"], more: Partial<RequestFailure> = {}) {
    super(code);
    this.failure = { code, phase, message: "The script says so.", ...more };
  }
}

function cut(): Failure {
  return new Failure("CORE_BACKEND_CANCELLED", "cancel");
}

async function untilCut(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  throw cut();
}

registerBackend({
  contract: 1,
  kind: "scripted",
  packageName: "scripted",
  packageVersion: "1.0.0",
  summary: "A backend with flaws on request.",
  argsSchema: ArgsSchema,
  create: (args) => new ScriptedBackend(args),
});

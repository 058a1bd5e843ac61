import {
  Backend,
  type GenerationRequest,
  type GenerationResponse,
  type HistoryTurn,
  type PreparedRequest,
  type ResolveContext,
  type ResolveEvent,
  UNKNOWN_USAGE,
} from "@core/backend";
import type { VirtualTime } from "./virtual-time.js";

/** How a scripted request behaves. */
export interface Script {
  readonly latencyNs: number;
  /** Time from the send to the one token; there is none when left out. */
  readonly firstTokenNs?: number;
  readonly ending: "final" | "errored" | "throws" | "silent" | "refused" | "ignores-abort" | "cancelled";
}

/** How a request behaves, by its name and the instant at which it is sent or prepared. */
export type ScriptOf = (requestId: string, nowNs: number) => Script;

/** One call of `resolve`, for assertions. */
export interface ResolvedCall {
  readonly requestId: string;
  readonly atNs: number;
  readonly history: readonly string[] | null;
}

/** A backend in virtual time whose requests behave as told, by request id. */
export class ScriptedBackend extends Backend {
  readonly calls: ResolvedCall[] = [];
  readonly warmed: number[] = [];
  inFlight = 0;
  mostInFlight = 0;
  readonly #time: VirtualTime;
  readonly #script: ScriptOf;

  constructor(time: VirtualTime, script: ScriptOf) {
    super({ kind: "scripted" });
    this.#time = time;
    this.#script = script;
  }

  override async warm(connections: number): Promise<void> {
    this.warmed.push(connections);
  }

  async validate(): Promise<void> {}

  async models(): Promise<readonly string[]> {
    return ["scripted"];
  }

  async defaultModel(): Promise<string> {
    return "scripted";
  }

  prepare(request: GenerationRequest, history: readonly HistoryTurn[] | null): PreparedRequest {
    if (this.#script(request.requestId, this.#time.nowNs()).ending === "refused") throw new Error("no prompt");
    return { request, history };
  }

  async *resolve(prepared: PreparedRequest, context: ResolveContext): AsyncIterable<ResolveEvent> {
    const { requestId } = prepared.request;
    const { latencyNs, ending, firstTokenNs } = this.#script(requestId, this.#time.nowNs());
    this.calls.push({
      requestId,
      atNs: this.#time.nowNs(),
      history: prepared.history?.map((turn) => turn.response?.text ?? "nothing") ?? null,
    });
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      context.timings.sendNs = this.#time.nowNs();
      if (ending === "ignores-abort") await new Promise(() => {});
      await this.#time.sleep(firstTokenNs ?? latencyNs, context.signal);
      if (firstTokenNs !== undefined && !context.signal.aborted) {
        context.timings.iteration(this.#time.nowNs());
        context.timings.token(this.#time.nowNs(), true);
        await this.#time.sleep(latencyNs - firstTokenNs, context.signal);
      }
      context.timings.endNs = this.#time.nowNs();
      const response = responseTo(requestId);
      const failure = { code: "TEST_BROKEN", message: `broken ${requestId}`, phase: "stream" } as const;
      if (context.signal.aborted || ending === "cancelled") {
        const cut = { ...failure, code: "CORE_BACKEND_CANCELLED", phase: "cancel" } as const;
        yield { type: "partial", reason: "cancelled", response, failure: cut };
      } else if (ending === "errored") yield { type: "partial", reason: "errored", response, failure };
      else if (ending === "throws") throw new Error("boom");
      else if (ending === "final") yield { type: "final", response };
    } finally {
      this.inFlight -= 1;
    }
  }

  protected async start(): Promise<void> {}

  protected async stop(): Promise<void> {}
}

function responseTo(requestId: string): GenerationResponse {
  return {
    requestId,
    responseId: null,
    requestArgs: null,
    text: `answer to ${requestId}`,
    reasoningText: null,
    toolCalls: null,
    finishReason: "stop",
    inputMetrics: { ...UNKNOWN_USAGE, text_tokens: 10 },
    outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 5 },
    responseMetrics: null,
  };
}

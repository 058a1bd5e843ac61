import type { UsageMetrics } from "./usage-metrics.js";

/** A function call that the model made. */
export interface ToolCall {
  readonly id: string;
  readonly type: "function";
  /** `arguments` is always JSON text. */
  readonly function: { readonly name: string; readonly arguments: string };
}

/** What came back for one request, complete or partial. */
export interface GenerationResponse {
  readonly requestId: string;
  /** Identifier given by the server, null when unknown. */
  readonly responseId: string | null;
  /** JSON text of the request as sent, credentials masked; null when texts are not kept. */
  readonly requestArgs: string | null;
  /** Null when there was no text part, or texts are not kept; empty text is a text. */
  readonly text: string | null;
  readonly reasoningText: string | null;
  readonly toolCalls: readonly ToolCall[] | null;
  /** Why the server stopped (`stop`, `length`, …), null when it did not say. */
  readonly finishReason: string | null;
  readonly inputMetrics: UsageMetrics;
  readonly outputMetrics: UsageMetrics;
  /** The object that a server sends as `metrics` beside its usage, else null. */
  readonly responseMetrics: unknown;
}

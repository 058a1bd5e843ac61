import type { GenerationResponse } from "./response.js";
import type { UsageMetrics } from "./usage-metrics.js";

/** What a turn of a conversation is for. */
export type TurnType = "standard" | "client_tool_call" | "tool_response_injection" | "server_tool_call";

/** One request, independent of any wire format. Plain data: it crosses threads by structured clone. */
export interface GenerationRequest {
  readonly requestId: string;
  /** Values by column type (`text_column`, `prefix_column`, …); each list holds one value per contributing source. */
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
  readonly turnType: TurnType;
  /** What the client knows about the input. */
  readonly inputMetrics: UsageMetrics;
  /** What is asked for: `text_tokens` is the requested output length in tokens, null when the server decides. */
  readonly outputMetrics: UsageMetrics;
}

/** An earlier exchange of the same conversation. */
export interface HistoryTurn {
  readonly request: GenerationRequest;
  /** Null when the exchange gave no response. */
  readonly response: GenerationResponse | null;
}

/** A request made ready before its intended instant. Backends extend it with what they will write. */
export interface PreparedRequest {
  readonly request: GenerationRequest;
  /** Earlier exchanges, oldest first; null for a turn without history. */
  readonly history: readonly HistoryTurn[] | null;
}

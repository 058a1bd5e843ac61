import type { GenerationRequest } from "@core/backend";

/** When a request may start, beyond its dependencies. */
export interface NodeSettings {
  /** Seconds after the start of a recording, at least 0; null when not recorded. */
  readonly relativeTimestampSeconds: number | null;
  /** Think time after this request, seconds, greater than 0; null for none. */
  readonly requeueDelaySeconds: number | null;
  /** Recorded service time, seconds; null when not recorded. */
  readonly traceDurationSeconds: number | null;
}

/** Nothing is said about it. */
export const NO_SETTINGS: NodeSettings = Object.freeze({
  relativeTimestampSeconds: null,
  requeueDelaySeconds: null,
  traceDurationSeconds: null,
});

/** One request of a conversation. */
export interface ConversationNode {
  readonly nodeId: string;
  readonly agentId: string;
  readonly request: GenerationRequest;
  readonly settings: NodeSettings;
  /** Number of its class of traffic, a position in {@link DataPipeline.classNames}; left out without one. */
  readonly classId?: number;
}

/** A dependency between two requests, and what of the earlier one the later one shows to the model. */
export interface ConversationEdge {
  readonly source: string;
  readonly target: string;
  readonly historyContext: "full" | "last" | "new";
}

/** The unit of data: requests and the order that their dependencies ask for. Plain data that crosses threads. */
export interface ConversationGraph {
  readonly graphId: string;
  readonly nodes: readonly ConversationNode[];
  readonly edges: readonly ConversationEdge[];
}

import type { GenerationRequest } from "@core/backend";

/** One request of a conversation. */
export interface ConversationNode {
  readonly nodeId: string;
  readonly agentId: string;
  readonly request: GenerationRequest;
  readonly settings: {
    readonly relativeTimestampSeconds: number | null;
    readonly requeueDelaySeconds: number | null;
    readonly traceDurationSeconds: number | null;
  };
}

/** A dependency between two requests, and what of the earlier one the later one shows to the model. */
export interface ConversationEdge {
  readonly source: string;
  readonly target: string;
  readonly historyContext: "full" | "last" | "new";
}

/** The unit of data: requests and the order that their dependencies ask for. Plain data. */
export interface ConversationGraph {
  readonly graphId: string;
  readonly nodes: readonly ConversationNode[];
  readonly edges: readonly ConversationEdge[];
}

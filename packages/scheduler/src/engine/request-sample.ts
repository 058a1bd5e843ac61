import type { GenerationRequest, GenerationResponse, RequestFailure } from "@core/backend";
import type { ConversationNode } from "@core/data";

/** Everything about one request that is not a number; kept for the sampled ones. Its numbers are in the record table. */
export interface RequestSample {
  /** Global request index, the same as the field `index` of its record. */
  readonly index: number;
  readonly worker: number;
  /** Place among the samples of its worker. */
  readonly place: number;
  readonly conversationIndex: number;
  readonly conversationId: string;
  readonly nodeId: string;
  readonly agentId: string;
  readonly parentNodeIds: readonly string[];
  readonly turnIndex: number;
  readonly precedingNodes: number;
  readonly historyLength: number;
  readonly settings: ConversationNode["settings"];
  readonly status: "completed" | "errored" | "cancelled";
  readonly request: GenerationRequest;
  readonly response: GenerationResponse | null;
  readonly failure: RequestFailure | null;
}

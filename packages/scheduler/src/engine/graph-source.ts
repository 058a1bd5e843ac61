import type { ConversationGraph } from "@core/data";

/** A conversation and its global index in the data. */
export interface GraphItem {
  readonly index: number;
  readonly graph: ConversationGraph;
}

/** Where a worker gets its conversations. */
export interface GraphSource {
  /** The next conversation if it is here already; null otherwise, also at the end. */
  tryNext(): GraphItem | null;
  /** The next conversation; null at the end. Never called twice at once. Rejects when the data cannot be read. */
  next(): Promise<GraphItem | null>;
}

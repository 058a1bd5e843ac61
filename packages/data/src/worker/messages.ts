import type { MessagePort } from "node:worker_threads";
import type { WireGraph } from "./wire-graph.js";

/** How conversations are shared among request workers. */
export type Distribution =
  /** Conversation `i` goes to consumer `i % workers`: the schedule decides. */
  | { readonly mode: "slice"; readonly workers: number }
  /** The next conversation goes to whoever asks. */
  | { readonly mode: "demand" };

/** What one pass over the data came to. */
export interface EpochReport {
  readonly generated: number;
  /** Rows that could not be used, in all passes so far. */
  readonly skippedRows: number;
  /** Seconds that producing each conversation took, of the first 10,000. */
  readonly generationDelaysSeconds: readonly number[];
  /** Names of the classes of traffic, in all passes so far; conversations hold their positions. */
  readonly classNames: readonly string[];
}

/** An error on its way to another thread. */
export interface DataWireError {
  readonly message: string;
  readonly code: string | null;
  readonly hint: string | null;
}

/** Messages to the data worker. */
export type ToDataWorker =
  | { readonly type: "connect"; readonly port: MessagePort }
  | { readonly type: "begin"; readonly epoch: number; readonly distribution: Distribution }
  | { readonly type: "end" };

/** Messages from the data worker. */
export type FromDataWorker =
  | {
      readonly type: "ready";
      /** Most conversations of one pass over the data; null when there is no end to them. */
      readonly mostConversations: number | null;
      /** All classes of traffic that there can be; null where only the conversations will tell. */
      readonly knownClasses: readonly string[] | null;
    }
  | { readonly type: "begun" }
  | { readonly type: "ended"; readonly report: EpochReport }
  | { readonly type: "failed"; readonly error: DataWireError };

/** A request worker asks for more. */
export interface Demand {
  readonly epoch: number;
  readonly count: number;
}

/** Conversations for a request worker. */
export interface Supply {
  readonly epoch: number;
  readonly items: readonly WireGraph[];
  /** Nothing follows. */
  readonly exhausted: boolean;
  readonly error: DataWireError | null;
}

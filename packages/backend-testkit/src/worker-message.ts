import type { FinalEvent, GenerationRequest, PartialEvent } from "@core/backend";

/** What a worker thread is told to do. */
export interface WorkerOrder {
  /** URL of the module that registers the backend. */
  readonly pluginModule: string;
  readonly epochNs: bigint;
  /** Args as they travel between threads: secrets revealed. */
  readonly args: unknown;
  readonly request: GenerationRequest;
}

/** What it answers. */
export interface WorkerResult {
  readonly types: readonly string[];
  readonly terminal: FinalEvent | PartialEvent;
  readonly sendNs: number;
  readonly endNs: number;
  /** JSON text of the backend's info. */
  readonly info: string;
}

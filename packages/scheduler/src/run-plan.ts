import type { RunLimits } from "./constraint/constraint.js";
import type { SamplingOptions } from "./engine/text-sampler.js";
import type { StrategyArgs } from "./strategy/strategy-args.js";

/** One strategy as every worker is told to run it. Plain data. */
export interface RunPlan {
  readonly strategy: StrategyArgs;
  /** Workers that take part: the first so many. */
  readonly workers: number;
  /** Requests in flight over all workers, or conversations: streams of a closed loop, cap of an open one. */
  readonly concurrency: number;
  /** Pass over the data. */
  readonly epoch: number;
  readonly limits: RunLimits;
  /** Whether a constraint wants to know of first tokens before their requests end. */
  readonly watched: boolean;
  readonly sampling: SamplingOptions;
  /** Whether the server's counts win over the client's own. */
  readonly preferResponseMetrics: boolean;
  /** How long after a cut a request may take to end before it is given up. */
  readonly hardDeadlineNs: number;
}

/** A bound of {@link RunLimits} that a worker reached first. */
export type ReachedLimit = "issuedRequests" | "processedRequests" | "erroredRequests";

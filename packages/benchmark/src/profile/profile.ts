import type { StrategyArgs } from "@core/scheduler";

/** What a profile may look at before it chooses the next step. */
export interface StepOutcome {
  /** The strategy that ran. */
  readonly strategy: StrategyArgs;
  /** Successful requests that ended inside the measurement window, per second of window. */
  readonly successfulRequestsPerSecond: number;
  /** True when a constraint with `stopping_scope: all` ended the step. */
  readonly stopAll: boolean;
}

/** The steps of a profile: yields a strategy, receives the outcome of running it. */
export type ProfileSteps = Generator<StrategyArgs, void, StepOutcome>;

/** A load shape: a sequence of strategies, each run as one benchmark, that may depend on earlier results. */
export abstract class Profile {
  /** Display names of the steps known up front, for progress; fewer may run. */
  abstract plannedSteps(): readonly string[];

  /** Most requests in flight in any step; null when no step is bounded. Decides the number of request workers. */
  abstract plannedConcurrency(): number | null;

  /** Whether every step has an end of its own, without data or a constraint that ends it. */
  endsByItself(): boolean {
    return false;
  }

  /** Starts the sequence; each profile object may be started once per run. */
  abstract steps(): ProfileSteps;
}

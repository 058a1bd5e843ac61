import type { StrategyArgs } from "@core/scheduler";
import type { LatencyTrend } from "../analysis/latency-trend.js";
import type { Conclusion } from "./conclusion.js";
import type { ObjectiveEvidence } from "./level-evidence.js";

/** What a profile may look at before it chooses the next step. */
export interface StepOutcome {
  /** The strategy that ran, its concurrency as the backend allowed it. */
  readonly strategy: StrategyArgs;
  /** Successful requests that ended inside the measurement window, per second of window. */
  readonly successfulRequestsPerSecond: number;
  /** Successful and failed requests of the measurement window. */
  readonly finishedRequests: number;
  /** Output tokens of successful requests per second of window; null when there were none to count. */
  readonly outputTokensPerSecond: number | null;
  /** The same in equal parts of the measurement window, as many as asked for; made when it is called. */
  readonly outputTokenBlocks: (blocks: number) => readonly number[];
  /** How the requests did against the objectives; null without objectives. */
  readonly attainment: { readonly conforming: number; readonly determined: number } | null;
  /** Requests per second that met the objectives; null without objectives, or when none could be judged. */
  readonly goodputPerSecond: number | null;
  /** Last figures of the over-saturation detector; null when it did not watch. */
  readonly overSaturation: Readonly<Record<string, unknown>> | null;
  /** The same by objective, those of `--objective` included, in a form that adds up over steps. */
  readonly evidence: readonly ObjectiveEvidence[];
  /** Whether latency grew during the step; null for a closed loop. */
  readonly trend: LatencyTrend | null;
  /** Length of the load. */
  readonly seconds: number;
  /** True when a constraint with `stopping_scope: all` ended the step. */
  readonly stopAll: boolean;
  /** True when such a constraint is what first stopped new requests. */
  readonly stopAllQueuing: boolean;
}

/** One benchmark that a profile asks for. */
export interface ProfileStep {
  readonly strategy: StrategyArgs;
  /** Factor on the limits of duration and requests that the constraints set. @defaultValue 1 */
  readonly stretch?: number;
}

/** The steps of a profile: yields a step, receives the outcome of running it. */
export type ProfileSteps = Generator<ProfileStep, void, StepOutcome>;

/** A load shape: a sequence of strategies, each run as one benchmark, that may depend on earlier results. */
export abstract class Profile {
  /** Display names of the steps known up front, for progress; fewer may run. */
  abstract plannedSteps(): readonly string[];

  /** Most requests in flight in any step; null when no step is bounded. Decides the number of request workers. */
  abstract plannedConcurrency(): number | null;

  /** Whether more steps than the planned ones may follow. */
  mayGoOn(): boolean {
    return false;
  }

  /** Whether every step has an end of its own, without data or a constraint that ends it. */
  endsByItself(): boolean {
    return false;
  }

  /** The answer to the profile's question, read after its last step; null when it asks none. */
  conclusion(): Conclusion | null {
    return null;
  }

  /** Starts the sequence; each profile object may be started once per run. */
  abstract steps(): ProfileSteps;
}

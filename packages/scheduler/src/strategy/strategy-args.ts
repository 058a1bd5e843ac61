import type { ConcurrencyUnitArgs, PacingArgs } from "./pacing.js";
import type { RampArgs } from "./ramp.js";
import type { RateSegment } from "./rate-curve.js";
import type { SCHEDULE_TURNS } from "./turn-due.js";

/** Gaps between the arrivals of a varying rate. */
export const ARRIVALS = ["constant", "poisson", "gamma"] as const;

/** One request at a time. */
export interface SynchronousArgs {
  readonly type_: "synchronous";
}

/** A fixed number of streams, each sending when its last request ended. */
export interface ConcurrentArgs extends RampArgs, ConcurrencyUnitArgs {
  readonly type_: "concurrent";
  readonly streams: number;
}

/** As many streams as allowed. */
export interface ThroughputArgs extends RampArgs, ConcurrencyUnitArgs {
  readonly type_: "throughput";
  /** Null: what backend and scheduler allow. */
  readonly max_concurrency: number | null;
}

interface RatedArgs extends RampArgs, PacingArgs {
  /** Requests per second. */
  readonly rate: number;
  readonly max_concurrency: number | null;
}

/** Evenly spaced arrivals. */
export interface ConstantArgs extends RatedArgs {
  readonly type_: "constant";
}

/** Arrivals with exponential gaps. */
export interface PoissonArgs extends RatedArgs {
  readonly type_: "poisson";
  readonly random_seed: number;
}

/** Arrivals with gamma gaps. */
export interface GammaArgs extends RatedArgs {
  readonly type_: "gamma";
  /** Shape of the gaps: 1 is Poisson, below 1 burstier, above 1 smoother. */
  readonly burstiness: number;
  readonly random_seed: number;
}

interface VaryingArgs extends PacingArgs {
  readonly arrivals: (typeof ARRIVALS)[number];
  readonly burstiness: number;
  readonly max_concurrency: number | null;
  readonly random_seed: number;
}

/** A rate given piece by piece. */
export interface StepsArgs extends VaryingArgs {
  readonly type_: "steps";
  readonly segments: readonly RateSegment[];
  /** Whether the first piece follows the last; otherwise the benchmark ends with it. */
  readonly repeat: boolean;
}

/** A rate that swings around its mean. */
export interface SineArgs extends VaryingArgs {
  readonly type_: "sine";
  /** Mean, requests per second. */
  readonly rate: number;
  /** Largest distance from the mean, as a share of it, in [0, 1]. */
  readonly amplitude: number;
  /** Seconds. */
  readonly period: number;
}

/** The recorded times of the data. */
export interface TraceArgs {
  readonly type_: "trace";
  readonly max_concurrency: number | null;
  /** Factor on all recorded intervals. */
  readonly time_scale: number;
  readonly schedule_turn: (typeof SCHEDULE_TURNS)[number];
}

/** The instants of an earlier run. */
export interface RecordedArgs extends PacingArgs {
  readonly type_: "recorded";
  /** Seconds after the start, not descending; the benchmark ends with the last. */
  readonly offsets: readonly number[];
  readonly max_concurrency: number | null;
}

/** When requests are sent: one strategy is one benchmark. Field names are those of the report. */
export type StrategyArgs =
  | SynchronousArgs
  | ConcurrentArgs
  | ThroughputArgs
  | ConstantArgs
  | PoissonArgs
  | GammaArgs
  | StepsArgs
  | SineArgs
  | TraceArgs
  | RecordedArgs;

/** Display name as GuideLLM prints it, for example `constant@4.00`. */
export function strategyLabel(strategy: StrategyArgs): string {
  switch (strategy.type_) {
    case "synchronous":
      return "synchronous";
    case "concurrent":
      return `concurrent@${strategy.streams}`;
    case "throughput":
      return `throughput@${strategy.max_concurrency ?? "unlimited"}`;
    case "steps":
      return `steps@${peakRate(strategy)?.toFixed(2)}`;
    case "recorded":
      return `recorded@${strategy.offsets.length}`;
    case "trace":
      return `trace@${strategy.time_scale.toFixed(2)}`;
    default:
      return `${strategy.type_}@${strategy.rate.toFixed(2)}`;
  }
}

/** Highest rate of an open loop, requests per second; null for a strategy without a rate. */
export function peakRate(strategy: StrategyArgs): number | null {
  if (strategy.type_ === "steps") {
    return Math.max(...strategy.segments.flatMap(({ rate, end_rate }) => [rate, end_rate]));
  }
  if (strategy.type_ === "recorded") return mostInASecond(strategy.offsets);
  if (strategy.type_ === "sine") return strategy.rate * (1 + strategy.amplitude);
  return "rate" in strategy ? strategy.rate : null;
}

function mostInASecond(offsets: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [at, seconds] of offsets.entries()) {
    while ((offsets[first] ?? seconds) < seconds - 1) first += 1;
    most = Math.max(most, at - first + 1);
  }
  return most;
}

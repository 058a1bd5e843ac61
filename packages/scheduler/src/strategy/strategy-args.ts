/** One request at a time. */
export interface SynchronousArgs {
  readonly type_: "synchronous";
}

/** A fixed number of streams, each sending when its last request ended. */
export interface ConcurrentArgs {
  readonly type_: "concurrent";
  readonly streams: number;
  /** Seconds over which the streams start, evenly. */
  readonly rampup_duration: number;
}

/** As many streams as allowed. */
export interface ThroughputArgs {
  readonly type_: "throughput";
  /** Null: what backend and scheduler allow. */
  readonly max_concurrency: number | null;
  readonly rampup_duration: number;
}

/** Evenly spaced arrivals. */
export interface ConstantArgs {
  readonly type_: "constant";
  /** Requests per second. */
  readonly rate: number;
  readonly max_concurrency: number | null;
  /** Seconds over which the rate grows linearly from 0. */
  readonly rampup_duration: number;
}

/** Arrivals with exponential gaps. */
export interface PoissonArgs {
  readonly type_: "poisson";
  readonly rate: number;
  readonly max_concurrency: number | null;
  readonly random_seed: number;
  readonly rampup_duration: number;
}

/** When requests are sent: one strategy is one benchmark. Field names are those of the report. */
export type StrategyArgs = SynchronousArgs | ConcurrentArgs | ThroughputArgs | ConstantArgs | PoissonArgs;

/** Display name as GuideLLM prints it, for example `constant@4.00`. */
export function strategyLabel(strategy: StrategyArgs): string {
  switch (strategy.type_) {
    case "synchronous":
      return "synchronous";
    case "concurrent":
      return `concurrent@${strategy.streams}`;
    case "throughput":
      return `throughput@${strategy.max_concurrency ?? "unlimited"}`;
    case "constant":
    case "poisson":
      return `${strategy.type_}@${strategy.rate.toFixed(2)}`;
  }
}

import type { ARRIVALS, PacingArgs, RampArgs, StrategyArgs } from "@core/scheduler";

/** How requests at a rate arrive. */
export interface Arrivals {
  readonly type: (typeof ARRIVALS)[number];
  /** Shape of the gaps of `gamma`. */
  readonly burstiness: number;
  readonly seed: number;
}

/** An open loop up to its rate. */
export interface RatedLoad {
  readonly arrivals: Arrivals;
  /** Most requests in flight; null is unlimited. */
  readonly maxConcurrency: number | null;
  readonly ramp: RampArgs;
  /** @defaultValue GuideLLM's */
  readonly pacing?: PacingArgs;
}

/** The strategy that sends `rate` requests per second. */
export function ratedStrategy(rate: number, { arrivals, maxConcurrency, ramp, pacing }: RatedLoad): StrategyArgs {
  const paced = { rate, max_concurrency: maxConcurrency, ...ramp, ...pacing };
  const { type, burstiness, seed: random_seed } = arrivals;
  if (type === "constant") return { type_: type, ...paced };
  return type === "poisson"
    ? { type_: type, ...paced, random_seed }
    : { type_: type, ...paced, burstiness, random_seed };
}

/** The ramp as strategies report it: GuideLLM's one field, and ours where they say something. */
export function rampOf({ rampup_duration, rampup_shape = "linear", rampup_start = null }: RampArgs): RampArgs {
  if (rampup_shape === "linear" && rampup_start === null) return { rampup_duration };
  return { rampup_duration, rampup_shape, rampup_start };
}

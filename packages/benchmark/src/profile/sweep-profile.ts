import { BenchmarkError } from "../errors.js";
import { Profile, type ProfileSteps } from "./profile.js";
import { type RatedLoad, ratedStrategy } from "./rated-strategy.js";
import { computeSweepRates } from "./sweep-rates.js";

/** What a sweep needs to know beyond its measurements. */
export interface SweepPlan {
  /** Number of steps, at least 2. */
  readonly sweepSize: number;
  /** Of the saturated step and the steps at a rate. */
  readonly load: RatedLoad;
}

/**
 * One request at a time, then as many as allowed, then rates in between. A `stopping_scope: all` stop ends the sweep
 * only in the steps at a rate: the saturated step overloads the server on purpose.
 */
export class SweepProfile extends Profile {
  readonly #plan: SweepPlan;

  constructor(plan: SweepPlan) {
    super();
    this.#plan = plan;
  }

  /** `synchronous`, `throughput`, then the arrival process for each remaining step. */
  override plannedSteps(): readonly string[] {
    const rates = Array.from({ length: this.#plan.sweepSize - 2 }, () => this.#plan.load.arrivals.type);
    return ["synchronous", "throughput", ...rates];
  }

  /** The bound of the saturated step. */
  override plannedConcurrency(): number | null {
    return this.#plan.load.maxConcurrency;
  }

  /** Yields the steps; throws {@link BenchmarkError} when neither of the first two completed a request. */
  override *steps(): ProfileSteps {
    const { sweepSize, load } = this.#plan;
    const synchronous = yield { strategy: { type_: "synchronous" } };
    const saturated = yield {
      strategy: { type_: "throughput", max_concurrency: load.maxConcurrency, ...load.ramp },
    };
    const low = synchronous.successfulRequestsPerSecond;
    const high = saturated.successfulRequestsPerSecond;
    if (low <= 0 && high <= 0) {
      throw new BenchmarkError("The sweep measured no successful request, neither one at a time nor saturated.", {
        code: "CORE_BENCHMARK_NO_CAPACITY",
        hint: "Look at the errors of the first two steps, or give them more time with a longer max_duration.",
      });
    }
    for (const rate of computeSweepRates(low, high, sweepSize)) {
      const outcome = yield { strategy: ratedStrategy(rate, load) };
      if (outcome.stopAll) return;
    }
  }
}

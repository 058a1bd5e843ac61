import type { StrategyArgs } from "@core/scheduler";
import { BenchmarkError } from "../errors.js";
import { Profile, type ProfileSteps } from "./profile.js";
import { computeSweepRates } from "./sweep-rates.js";

/** What a sweep needs to know beyond its measurements. */
export interface SweepPlan {
  /** Number of steps, at least 2. */
  readonly sweepSize: number;
  /** Arrival process of the steps at a rate. */
  readonly strategyType: "constant" | "poisson";
  /** Most requests in flight in the saturated step and in the steps at a rate; null is unlimited. */
  readonly maxConcurrency: number | null;
  /** Ramp of every step that has one, seconds. */
  readonly rampupDurationSeconds: number;
  /** Seed of Poisson arrivals. */
  readonly seed: number;
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
    const rates = Array.from({ length: this.#plan.sweepSize - 2 }, () => this.#plan.strategyType);
    return ["synchronous", "throughput", ...rates];
  }

  /** The bound of the saturated step. */
  override plannedConcurrency(): number | null {
    return this.#plan.maxConcurrency;
  }

  /** Yields the steps; throws {@link BenchmarkError} when neither of the first two completed a request. */
  override *steps(): ProfileSteps {
    const { sweepSize, maxConcurrency, rampupDurationSeconds: rampup } = this.#plan;
    const synchronous = yield { type_: "synchronous" };
    const saturated = yield { type_: "throughput", max_concurrency: maxConcurrency, rampup_duration: rampup };
    const low = synchronous.successfulRequestsPerSecond;
    const high = saturated.successfulRequestsPerSecond;
    if (low <= 0 && high <= 0) {
      throw new BenchmarkError("The sweep measured no successful request, neither one at a time nor saturated.", {
        code: "CORE_BENCHMARK_NO_CAPACITY",
        hint: "Look at the errors of the first two steps, or give them more time with a longer max_duration.",
      });
    }
    for (const rate of computeSweepRates(low, high, sweepSize)) {
      const outcome = yield this.#atRate(rate);
      if (outcome.stopAll) return;
    }
  }

  #atRate(rate: number): StrategyArgs {
    const { strategyType, maxConcurrency: max_concurrency, rampupDurationSeconds: rampup_duration, seed } = this.#plan;
    return strategyType === "constant"
      ? { type_: "constant", rate, max_concurrency, rampup_duration }
      : { type_: "poisson", rate, max_concurrency, rampup_duration, random_seed: seed };
  }
}

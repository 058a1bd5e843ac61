import { BenchmarkError } from "../errors.js";
import type { Conclusion } from "./conclusion.js";
import { Profile, type ProfileSteps } from "./profile.js";
import { RateCapacity } from "./rate-capacity.js";
import { type RatedLoad, ratedStrategy } from "./rated-strategy.js";
import { computeSweepRates } from "./sweep-rates.js";

/** What a sweep needs to know beyond its measurements. */
export interface SweepPlan {
  /** Number of steps, at least 2. */
  readonly sweepSize: number;
  /** Steps beyond `sweepSize` that close in on the capacity. */
  readonly capacitySteps: number;
  /** Of the saturated step and the steps at a rate. */
  readonly load: RatedLoad;
}

/**
 * One request at a time, then as many as allowed, then rates in between. The saturated step is one burst and says little
 * about what a server keeps up with: each rate is judged by whether latency grew, and once one was too high, the steps left
 * close in on the capacity. A `stopping_scope: all` stop ends the sweep only in the steps at a rate: the saturated step
 * overloads the server on purpose.
 */
export class SweepProfile extends Profile {
  readonly #plan: SweepPlan;
  readonly #capacity = new RateCapacity();
  #synchronousRate = 0;
  #burstRate = 0;

  constructor(plan: SweepPlan) {
    super();
    this.#plan = plan;
  }

  /** `synchronous`, `throughput`, then the arrival process for each remaining step. */
  override plannedSteps(): readonly string[] {
    const rates = Array.from(
      { length: this.#plan.sweepSize - 2 + this.#plan.capacitySteps },
      () => this.#plan.load.arrivals.type,
    );
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
    this.#synchronousRate = low;
    this.#burstRate = high;
    yield* this.#rates(computeSweepRates(low, high, sweepSize), low);
  }

  /** The open-loop rates between which the capacity lies, and every rate that was sent. */
  override conclusion(): Conclusion | null {
    const { points, highestSustained, lowestUnsustained } = this.#capacity;
    if (points.length === 0) return null;
    return {
      kind: "sweep_capacity",
      summary: [summarize(this.#capacity, this.#burstRate)],
      synchronous_rate: this.#synchronousRate,
      burst_rate: this.#burstRate,
      highest_sustained_rate: highestSustained,
      lowest_unsustained_rate: lowestUnsustained,
      rates: points,
    };
  }

  *#rates(planned: readonly number[], floor: number): ProfileSteps {
    const steps = planned.length + (planned.length === 0 ? 0 : this.#plan.capacitySteps);
    for (let step = 0; step < steps; step += 1) {
      const rate = this.#rateOf(planned[step], floor);
      if (rate === null) return;
      const outcome = yield { strategy: ratedStrategy(rate, this.#plan.load) };
      this.#capacity.record(rate, outcome.successfulRequestsPerSecond, outcome.trend);
      if (outcome.stopAll) return;
    }
  }

  /** The planned rate, unless a lower one was too high already. */
  #rateOf(planned: number | undefined, floor: number): number | null {
    const tooHigh = this.#capacity.lowestUnsustained ?? Number.POSITIVE_INFINITY;
    return planned !== undefined && planned < tooHigh ? planned : this.#capacity.next(Math.min(floor, tooHigh));
  }
}

function summarize({ highestSustained: best, lowestUnsustained: worst }: RateCapacity, burst: number): string {
  const kept =
    best === null
      ? "No rate is surely kept up with"
      : `The server keeps up with ${best.toFixed(2)} requests per second`;
  const broken = worst === null ? "no rate that was sent is too high" : `${worst.toFixed(2)} are too many`;
  return `${kept}; ${broken} (burst: ${burst.toFixed(2)}).`;
}

import type { Interval } from "@core/metrics";
import type { LatencyTrend } from "../analysis/latency-trend.js";

/** A rate that was sent, and whether the server kept up with it. */
export interface RatePoint {
  readonly rate: number;
  /** Successful requests per second of window. */
  readonly achieved_rate: number;
  readonly sustained: LatencyTrend["sustained"];
  /** Seconds that latency grew in a second. */
  readonly growth: number | null;
  readonly growth_ci: Interval | null;
}

/** Bracket at which it is not worth going on, and how far above the highest rate the next one goes. */
const NARROW = 0.02;
const GROWTH = 1.25;
const DIGITS = 4;

/** Between which open-loop rates the capacity of a server lies. */
export class RateCapacity {
  readonly #points: RatePoint[] = [];

  /** In the order in which they were sent. */
  get points(): readonly RatePoint[] {
    return this.#points;
  }

  /** Lowest rate that the server did not keep up with. */
  get lowestUnsustained(): number | null {
    const rates = this.#of("no");
    return rates.length === 0 ? null : Math.min(...rates);
  }

  /** Highest rate below it with which it surely did. */
  get highestSustained(): number | null {
    const limit = this.lowestUnsustained ?? Number.POSITIVE_INFINITY;
    const rates = this.#of("yes").filter((rate) => rate < limit);
    return rates.length === 0 ? null : Math.max(...rates);
  }

  /** Takes in what a rate measured. */
  record(rate: number, achievedRate: number, trend: LatencyTrend | null): void {
    const { sustained, growth, growth_ci } = trend ?? { sustained: "unclear", growth: null, growth_ci: null };
    this.#points.push({ rate, achieved_rate: achievedRate, sustained, growth, growth_ci });
  }

  /**
   * Rate that tells most about the capacity; null when the bracket is narrow.
   *
   * @param floor - A rate that the server keeps up with for other reasons.
   */
  next(floor: number): number | null {
    const worst = this.lowestUnsustained;
    const best = Math.max(floor, this.highestSustained ?? 0);
    const tried = this.#points.map(({ rate }) => rate);
    const rate = worst === null ? GROWTH * Math.max(best, ...tried) : (best + worst) / 2;
    if (worst !== null && worst - best <= NARROW * worst) return null;
    const rounded = Number(rate.toPrecision(DIGITS));
    return rounded > 0 && !tried.includes(rounded) ? rounded : null;
  }

  #of(sustained: RatePoint["sustained"]): readonly number[] {
    return this.#points.filter((point) => point.sustained === sustained).map(({ rate }) => rate);
  }
}

import type { Interval } from "./distribution-summary.js";
import { MetricsError } from "./errors.js";
import { incompleteBeta } from "./incomplete-beta.js";
import { coarseNormalQuantile, studentQuantile } from "./quantile-functions.js";

/**
 * Wilson score interval of a proportion (E. B. Wilson, 1927), clipped to [0, 1].
 *
 * @param successes - Clamped to 0 … `trials`.
 * @param trials - 0 or less gives the whole range 0 … 1.
 * @param confidence - Clamped to 0.5 … 0.999.
 */
export function wilsonInterval(successes: number, trials: number, confidence: number): Interval {
  if (trials <= 0) {
    return { lower: 0, upper: 1 };
  }
  const proportion = Math.min(Math.max(successes, 0), trials) / trials;
  const z = coarseNormalQuantile((1 + clampConfidence(confidence)) / 2);
  const denominator = 1 + (z * z) / trials;
  const centre = (proportion + (z * z) / (2 * trials)) / denominator;
  const spread = Math.sqrt((proportion * (1 - proportion)) / trials + (z * z) / (4 * trials * trials));
  const half = (z * spread) / denominator;
  return { lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}

/**
 * Student t interval of a mean of independent values.
 *
 * @param populationDeviation - Standard deviation with divisor n.
 * @param confidence - Clamped to 0.5 … 0.999.
 * @returns Null for fewer than two values.
 */
export function meanInterval(
  count: number,
  mean: number,
  populationDeviation: number,
  confidence: number,
): Interval | null {
  if (count < 2) {
    return null;
  }
  const quantile = studentQuantile((1 + clampConfidence(confidence)) / 2, count - 1);
  const half = (quantile * populationDeviation) / Math.sqrt(count - 1);
  return { lower: mean - half, upper: mean + half };
}

/**
 * Distribution-free intervals of quantiles from order statistics (binomial ranks).
 *
 * @param sorted - Ascending values, weight 1 each.
 * @param quantiles - Each inside (0, 1).
 * @param confidence - Clamped to 0.5 … 0.999.
 * @returns One interval per quantile; null where the sample is too small for one.
 * @throws {MetricsError} CORE_METRICS_PROBABILITY when a quantile is not inside (0, 1).
 */
export function quantileIntervals(
  sorted: Float64Array,
  quantiles: readonly number[],
  confidence: number,
): (Interval | null)[] {
  const tail = (1 - clampConfidence(confidence)) / 2;
  return quantiles.map((quantile) => {
    if (!(quantile > 0 && quantile < 1)) {
      throw new MetricsError(`A quantile inside (0, 1) is needed, got ${quantile}.`, {
        code: "CORE_METRICS_PROBABILITY",
      });
    }
    const ranks = intervalRanks(sorted.length, quantile, tail);
    const lower = ranks === null ? undefined : sorted[ranks.lower];
    const upper = ranks === null ? undefined : sorted[ranks.upper];
    return lower === undefined || upper === undefined ? null : { lower, upper };
  });
}

interface Ranks {
  readonly lower: number;
  readonly upper: number;
}

// Perf: many metrics share one sample size, and a rank search costs dozens of beta functions.
const rankCache = new Map<string, Ranks | null>();
const RANK_CACHE_LIMIT = 4096;

function intervalRanks(count: number, quantile: number, tail: number): Ranks | null {
  const key = `${count}/${quantile}/${tail}`;
  const cached = rankCache.get(key);
  if (cached !== undefined) {
    return cached;
  }
  if (rankCache.size >= RANK_CACHE_LIMIT) {
    rankCache.clear();
  }
  const found = searchRanks(count, quantile, tail);
  rankCache.set(key, found);
  return found;
}

/** Lower: largest rank whose binomial distribution function is <= tail; upper: smallest one with >= 1 - tail. */
function searchRanks(count: number, quantile: number, tail: number): Ranks | null {
  if (count < 2) {
    return null;
  }
  const above = firstRank(count, (rank) => binomialDistribution(rank, count, quantile) > tail);
  const upper = firstRank(count, (rank) => binomialDistribution(rank, count, quantile) >= 1 - tail);
  return above === 0 || upper === count ? null : { lower: above - 1, upper };
}

/** First rank in 0 … count - 1 for which the monotone `test` holds, else `count`. */
function firstRank(count: number, test: (rank: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

function binomialDistribution(successes: number, trials: number, probability: number): number {
  return incompleteBeta(1 - probability, trials - successes, successes + 1);
}

function clampConfidence(confidence: number): number {
  return Math.min(Math.max(confidence, 0.5), 0.999);
}

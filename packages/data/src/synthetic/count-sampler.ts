import type { SeededRandom } from "../seeded-random.js";

/** A distribution of numbers, as GuideLLM's `X`, `X_stdev`, `X_min`, `X_max` describe it. */
export interface CountDistribution {
  readonly mean: number;
  readonly stdev: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/**
 * Bounds of what is drawn, both included: those given, else `mean ± 5 sd` (at least `floor`) with a standard deviation
 * and the mean without one (rules of GuideLLM).
 */
export function boundsOf(
  { mean, stdev, min, max }: CountDistribution,
  floor: number,
): { readonly low: number; readonly high: number } {
  const reach = 5 * (stdev ?? 0);
  return { low: min ?? Math.max(floor, mean - reach), high: max ?? mean + reach };
}

/**
 * Draws a whole number, at least 1: a Gaussian clamped to the bounds when there is a standard deviation, else uniform
 * between them.
 */
export function sampleCount(distribution: CountDistribution, random: SeededRandom): number {
  const { mean, stdev } = distribution;
  const { low, high } = boundsOf(distribution, 1);
  if (stdev === null) return low + random.below(high - low + 1);
  return Math.min(high, Math.max(low, Math.round(mean + stdev * random.normal())));
}

/** Draws a real number by the same rules, with 0 as the lowest bound. */
export function sampleReal(distribution: CountDistribution, random: SeededRandom): number {
  const { mean, stdev } = distribution;
  const { low, high } = boundsOf(distribution, 0);
  if (stdev === null) return low + random.uniform() * (high - low);
  return Math.min(high, Math.max(low, mean + stdev * random.normal()));
}

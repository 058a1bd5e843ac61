import type { SeededRandom } from "../seeded-random.js";

/** A distribution of numbers, as GuideLLM's `X`, `X_stdev`, `X_min`, `X_max` describe it. */
export interface CountDistribution {
  readonly mean: number;
  readonly stdev: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/**
 * Draws a whole number: a Gaussian clamped to `[min or max(1, mean - 5 sd), max or mean + 5 sd]` when there is a standard
 * deviation, else uniform over `[min or mean, max or mean]`, both ends included (rules of GuideLLM).
 */
export function sampleCount(distribution: CountDistribution, random: SeededRandom): number {
  const { mean, stdev, min, max } = distribution;
  if (stdev !== null) {
    const value = Math.round(mean + stdev * random.normal());
    return Math.min(
      max ?? Math.round(mean + 5 * stdev),
      Math.max(min ?? Math.max(1, Math.round(mean - 5 * stdev)), value),
    );
  }
  const [low, high] = [min ?? mean, max ?? mean];
  return low + random.below(high - low + 1);
}

/** Draws a real number by the same rules, with 0 as the lowest bound. */
export function sampleReal(distribution: CountDistribution, random: SeededRandom): number {
  const { mean, stdev, min, max } = distribution;
  if (stdev !== null) {
    const value = mean + stdev * random.normal();
    return Math.min(max ?? mean + 5 * stdev, Math.max(min ?? Math.max(0, mean - 5 * stdev), value));
  }
  const [low, high] = [min ?? mean, max ?? mean];
  return low + random.uniform() * (high - low);
}

import type { SeededRandom } from "./seeded-random.js";

/** Names of the latency models. */
export const LATENCY_MODELS = ["constant", "normal", "lognormal"] as const;

/** A name of {@link LATENCY_MODELS}. */
export type LatencyModel = (typeof LATENCY_MODELS)[number];

/** Mean and standard deviation of a latency, same unit, both >= 0. */
export interface LatencyParameters {
  readonly mean: number;
  readonly standardDeviation: number;
}

/**
 * Creates a function that draws latencies (>= 0) in the unit of the parameters. Lognormal: the normal underneath has
 * variance s² = ln(1 + (deviation / mean)²) and mean ln(mean) - s²/2, so that mean and deviation are those asked for;
 * normal: draws below 0 count as 0, which raises the mean when the deviation is large.
 */
export function createLatencyDraw(
  model: LatencyModel,
  { mean, standardDeviation }: LatencyParameters,
  random: SeededRandom,
): () => number {
  if (model === "constant" || standardDeviation === 0 || (model === "lognormal" && mean === 0)) return () => mean;
  if (model === "normal") return () => Math.max(0, mean + standardDeviation * random.normal());
  const ratio = Math.min(standardDeviation / mean, 1e100); // a mean next to 0: the square must stay finite
  const variance = Math.log1p(ratio ** 2);
  const centre = Math.log(mean) - variance / 2;
  const spread = Math.sqrt(variance);
  return () => Math.exp(centre + spread * random.normal());
}

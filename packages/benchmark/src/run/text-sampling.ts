import type { SamplingOptions } from "@core/scheduler";

/**
 * Which requests keep their texts while a run lasts: all for null, none for 0 or less. Each worker keeps a sample of
 * the full size, because it does not know what the others see; the report takes its sample from all of them.
 */
export function textSampling(sampleSize: number | null, seed: number): SamplingOptions {
  if (sampleSize === null) return { firstPerWorker: Number.POSITIVE_INFINITY, reservoirPerWorker: 0, seed };
  return { firstPerWorker: 0, reservoirPerWorker: Math.max(0, sampleSize), seed };
}

import { meanInterval } from "../confidence-intervals.js";
import type { Interval } from "../distribution-summary.js";

const MOST_BATCHES = 30;
const LEAST_BATCHES = 5;

/** A mean and how far off it may be; null where there are too few values. */
export interface BatchMean {
  readonly mean: number | null;
  readonly interval: Interval | null;
  readonly standardError: number | null;
}

/**
 * Mean of values in the order of time, with a t interval over the means of batches in a row: requests of one run are
 * correlated, batches much less (the method of batch means).
 *
 * @returns An interval of null for fewer than ten values.
 */
export function batchMean(values: readonly number[], confidence: number): BatchMean {
  const count = values.length;
  if (count === 0) return { mean: null, interval: null, standardError: null };
  const mean = average(values);
  const batches = Math.min(MOST_BATCHES, Math.floor(count / 2));
  if (batches < LEAST_BATCHES) return { mean, interval: null, standardError: null };
  const means = Array.from({ length: batches }, (_, batch) =>
    average(values.slice(Math.floor((batch * count) / batches), Math.floor(((batch + 1) * count) / batches))),
  );
  const center = average(means);
  const deviation = Math.sqrt(average(means.map((value) => (value - center) ** 2)));
  return {
    mean,
    interval: meanInterval(batches, mean, deviation, confidence),
    standardError: deviation / Math.sqrt(batches - 1),
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

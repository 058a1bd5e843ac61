import { sortIndicesByValue } from "./radix-sort.js";

/** Events in ascending order of time. */
export interface TimedWeights {
  /** Seconds. */
  readonly times: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Sorts events and merges close ones: the earliest time is an anchor that absorbs every event up to `threshold` later
 * (weights added, anchor time kept); the next event becomes the next anchor. With a threshold of 0 only equal times
 * merge. The method is GuideLLM's.
 *
 * @param threshold - Seconds, >= 0.
 */
export function mergeTimes(events: TimedWeights, threshold: number): TimedWeights {
  const order = sortIndicesByValue(events.times);
  const times = new Float64Array(order.length);
  const weights = new Float64Array(order.length);
  let kept = -1;
  let limit = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    const time = events.times[index] ?? 0;
    if (time > limit) {
      kept += 1;
      times[kept] = time;
      limit = time + threshold;
    }
    weights[kept] = (weights[kept] ?? 0) + (events.weights[index] ?? 0);
  }
  return { times: times.subarray(0, kept + 1), weights: weights.subarray(0, kept + 1) };
}

import type { DistributionSummary, MetricConventions } from "./distribution-summary.js";
import { mergeTimes, type TimedWeights } from "./merge-times.js";
import { roundHalfEven } from "./round-half-even.js";
import { sortSample } from "./sample.js";
import { emptySummary, summarizeSample } from "./summarize-sample.js";

const MERGE_THRESHOLD_SECONDS = 1e-4;
const MINIMUM_DURATION_SECONDS = 1e-6;

/** Part of time a rate or a concurrency is looked at; each end may be open. Seconds. */
export interface TimeWindow {
  readonly start?: number;
  readonly end?: number;
}

/**
 * Time-weighted distribution of the rate of events: each event's weight divided by the time around it (half-way to its
 * neighbours), weighted with that time. With both window ends the mean is exactly the weight inside the window divided
 * by its length. The method is GuideLLM's; events up to 0.1 ms apart are merged.
 */
export function summarizeRate(
  events: TimedWeights,
  window: TimeWindow = {},
  conventions: MetricConventions = "goodput",
): DistributionSummary {
  const merged = mergeTimes(clipEvents(events, window), MERGE_THRESHOLD_SECONDS);
  const { times, weights } = merged;
  const points = times.length;
  if (points < 2) {
    return emptySummary(conventions, 0, 0);
  }
  const rates = new Float64Array(points);
  const durations = new Float64Array(points);
  for (let at = 0; at < points; at += 1) {
    const previous = times[Math.max(at - 1, 0)] ?? 0;
    const next = times[Math.min(at + 1, points - 1)] ?? 0;
    const duration = Math.max((next - previous) / 2, MINIMUM_DURATION_SECONDS);
    durations[at] = duration;
    rates[at] = (weights[at] ?? 0) / duration;
  }
  const count = roundHalfEven(weights.reduce((sum, weight) => sum + weight, 0));
  return summarizeSample(sortSample(rates, durations), { count, conventions: "guidellm" });
}

/** Drops events outside the window and marks each given end with an event of weight 0. */
function clipEvents(events: TimedWeights, window: TimeWindow): TimedWeights {
  const { start, end } = window;
  const times = new Float64Array(events.times.length + 2);
  const weights = new Float64Array(events.times.length + 2);
  let kept = 0;
  const push = (time: number, weight: number): void => {
    times[kept] = time;
    weights[kept] = weight;
    kept += 1;
  };
  if (start !== undefined) {
    push(start, 0);
  }
  for (let at = 0; at < events.times.length; at += 1) {
    const time = events.times[at] ?? 0;
    if ((start === undefined || time >= start) && (end === undefined || time <= end)) {
      push(time, events.weights[at] ?? 0);
    }
  }
  if (end !== undefined) {
    push(end, 0);
  }
  return { times: times.subarray(0, kept), weights: weights.subarray(0, kept) };
}

import type { DistributionSummary, MetricConventions } from "./distribution-summary.js";
import { mergeTimes, type TimedWeights } from "./merge-times.js";
import { sortSample } from "./sample.js";
import type { TimeWindow } from "./summarize-rate.js";
import { emptySummary, summarizeSample } from "./summarize-sample.js";

const MERGE_THRESHOLD_SECONDS = 1e-4;

/** Intervals of time with a weight each. Seconds. */
export interface WeightedIntervals {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Time-weighted distribution of how many intervals are open at once. With a window the level at its start and the idle
 * time up to its end take part. The method is GuideLLM's; changes up to 0.1 ms apart are merged.
 */
export function summarizeConcurrency(
  intervals: WeightedIntervals,
  window: TimeWindow = {},
  conventions: MetricConventions = "goodput",
): DistributionSummary {
  const kept = keepOverlapping(intervals, window);
  if (kept.starts.length === 0) {
    // A known window without any interval is idle, which is a level of 0; without a window nothing is known.
    const isBounded = window.start !== undefined && window.end !== undefined;
    return emptySummary(isBounded ? "guidellm" : conventions, 0, 0);
  }
  const steps = clipSteps(mergeTimes(toSteps(kept), MERGE_THRESHOLD_SECONDS), window);
  const levels = runningLevels(steps.weights);
  if (steps.times.length <= 1) {
    return summarizeSample(sortSample(levels, null), { conventions: "guidellm" });
  }
  const values = levels.subarray(0, levels.length - 1);
  const durations = values.map((_, at) => (steps.times[at + 1] ?? 0) - (steps.times[at] ?? 0));
  if (durations.every((duration) => duration === 0)) {
    return emptySummary(conventions, 0, 0);
  }
  return summarizeSample(sortSample(values, durations), { count: kept.starts.length, conventions: "guidellm" });
}

function keepOverlapping(intervals: WeightedIntervals, window: TimeWindow): WeightedIntervals {
  const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY } = window;
  const inside = (at: number): boolean => (intervals.ends[at] ?? 0) >= start && (intervals.starts[at] ?? 0) <= end;
  return {
    starts: intervals.starts.filter((_, at) => inside(at)),
    ends: intervals.ends.filter((_, at) => inside(at)),
    weights: intervals.weights.filter((_, at) => inside(at)),
  };
}

function toSteps(intervals: WeightedIntervals): TimedWeights {
  const count = intervals.starts.length;
  const times = new Float64Array(count * 2);
  const weights = new Float64Array(count * 2);
  times.set(intervals.starts);
  times.set(intervals.ends, count);
  weights.set(intervals.weights);
  weights.set(
    intervals.weights.map((weight) => -weight),
    count,
  );
  return { times, weights };
}

/** Folds the steps before the window into one at its start, and ends the last level at its end. */
function clipSteps(steps: TimedWeights, window: TimeWindow): TimedWeights {
  const times: number[] = [];
  const weights: number[] = [];
  if (window.start !== undefined) {
    const start = window.start;
    const before = steps.weights.reduce((sum, weight, at) => ((steps.times[at] ?? 0) < start ? sum + weight : sum), 0);
    times.push(start);
    weights.push(before);
  }
  for (let at = 0; at < steps.times.length; at += 1) {
    const time = steps.times[at] ?? 0;
    if (time >= (window.start ?? Number.NEGATIVE_INFINITY) && time <= (window.end ?? Number.POSITIVE_INFINITY)) {
      times.push(time);
      weights.push(steps.weights[at] ?? 0);
    }
  }
  if (window.end !== undefined) {
    times.push(window.end);
    weights.push(0);
  }
  return { times: Float64Array.from(times), weights: Float64Array.from(weights) };
}

function runningLevels(weights: Float64Array): Float64Array {
  let level = 0;
  return weights.map((weight) => {
    level += weight;
    // Adding and subtracting token counts leaves rounding of about 1e-12 behind, which is not a level.
    return Math.abs(level) < 1e-9 ? 0 : Math.max(level, 0);
  });
}

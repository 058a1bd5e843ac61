import type { DistributionSummary, MetricConventions } from "./distribution-summary.js";
import { MergePlan } from "./merge-times.js";
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
  return new IntervalTimeline(intervals.starts, intervals.ends, window).summarize(intervals.weights, conventions);
}

/** Intervals, made ready for the levels of whatever they weigh: {@link summarizeConcurrency} for many weights. */
export class IntervalTimeline {
  readonly #window: TimeWindow;
  /** Positions of the intervals that overlap the window. */
  readonly #kept: Uint32Array;
  /** Their starts, then their ends. */
  readonly #plan: MergePlan;
  /** Instants of the plan that lie before the window, and those up to its end. */
  readonly #before: number;
  readonly #until: number;
  /** When the level may change: the instants inside the window, with its given ends around them. */
  readonly #instants: Float64Array;
  /** Time from each of them to the next. */
  readonly #durations: Float64Array;

  constructor(starts: Float64Array, ends: Float64Array, window: TimeWindow) {
    const { start, end } = window;
    this.#window = window;
    this.#kept = overlapping(starts, ends, window);
    this.#plan = new MergePlan(startsThenEnds(starts, ends, this.#kept), MERGE_THRESHOLD_SECONDS);
    const { times } = this.#plan;
    this.#before = start === undefined ? 0 : countWhile(times, (time) => time < start);
    this.#until = end === undefined ? times.length : countWhile(times, (time) => time <= end);
    const inside = times.subarray(this.#before, Math.max(this.#before, this.#until));
    this.#instants = withEnds(inside, window);
    this.#durations = differences(this.#instants);
  }

  /** @param weights - By interval. */
  summarize(weights: Float64Array, conventions: MetricConventions): DistributionSummary {
    const { start, end } = this.#window;
    if (this.#kept.length === 0) {
      // A known window without any interval is idle, which is a level of 0; without a window nothing is known.
      return emptySummary(start !== undefined && end !== undefined ? "guidellm" : conventions, 0, 0);
    }
    const levels = this.#levels(weights);
    if (levels.length <= 1) return summarizeSample(sortSample(levels, null), { conventions: "guidellm" });
    if (this.#durations.every((duration) => duration === 0)) return emptySummary(conventions, 0, 0);
    const sample = sortSample(levels.subarray(0, levels.length - 1), this.#durations);
    return summarizeSample(sample, { count: this.#kept.length, conventions: "guidellm" });
  }

  /** Level from each instant on. Steps before the window are one at its start. */
  #levels(weights: Float64Array): Float64Array {
    const steps = this.#plan.merge(risesThenFalls(weights, this.#kept));
    const levels = new Float64Array(this.#instants.length);
    let level = 0;
    let step = 0;
    if (this.#window.start !== undefined) {
      let before = 0;
      for (; step < this.#before; step += 1) before += steps[step] ?? 0;
      level = before;
      levels[0] = cleanLevel(level);
    }
    const first = this.#window.start === undefined ? 0 : 1;
    for (let at = first; at < levels.length; at += 1) {
      if (step < this.#until) level += steps[step++] ?? 0;
      levels[at] = cleanLevel(level);
    }
    return levels;
  }
}

/** Adding and subtracting token counts leaves rounding of about 1e-12 behind, which is not a level. */
function cleanLevel(level: number): number {
  return Math.abs(level) < 1e-9 ? 0 : Math.max(level, 0);
}

function overlapping(starts: Float64Array, ends: Float64Array, window: TimeWindow): Uint32Array {
  const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY } = window;
  const kept = new Uint32Array(starts.length);
  let count = 0;
  for (let at = 0; at < starts.length; at += 1) {
    if ((ends[at] ?? 0) >= start && (starts[at] ?? 0) <= end) kept[count++] = at;
  }
  return kept.subarray(0, count);
}

function startsThenEnds(starts: Float64Array, ends: Float64Array, kept: Uint32Array): Float64Array {
  const times = new Float64Array(kept.length * 2);
  for (let place = 0; place < kept.length; place += 1) {
    const at = kept[place] ?? 0;
    times[place] = starts[at] ?? 0;
    times[kept.length + place] = ends[at] ?? 0;
  }
  return times;
}

function risesThenFalls(weights: Float64Array, kept: Uint32Array): Float64Array {
  const steps = new Float64Array(kept.length * 2);
  for (let place = 0; place < kept.length; place += 1) {
    const weight = weights[kept[place] ?? 0] ?? 0;
    steps[place] = weight;
    steps[kept.length + place] = -weight;
  }
  return steps;
}

/** How many ascending times a test accepts. */
function countWhile(times: Float64Array, accepts: (time: number) => boolean): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (accepts(times[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function withEnds(inside: Float64Array, { start, end }: TimeWindow): Float64Array {
  const first = start === undefined ? 0 : 1;
  const instants = new Float64Array(first + inside.length + (end === undefined ? 0 : 1));
  if (start !== undefined) instants[0] = start;
  instants.set(inside, first);
  if (end !== undefined) instants[instants.length - 1] = end;
  return instants;
}

function differences(instants: Float64Array): Float64Array {
  const durations = new Float64Array(Math.max(0, instants.length - 1));
  for (let at = 0; at < durations.length; at += 1) durations[at] = (instants[at + 1] ?? 0) - (instants[at] ?? 0);
  return durations;
}

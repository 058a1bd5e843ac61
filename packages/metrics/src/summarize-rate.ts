import { quotients, sumOf } from "./column-arithmetic.js";
import type { DistributionSummary, MetricConventions } from "./distribution-summary.js";
import { MergePlan, type TimedWeights } from "./merge-times.js";
import { pick } from "./pick.js";
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
  return new RateTimeline(events.times, window).summarize(events.weights, conventions);
}

/** The times of events, made ready for the rates of whatever the events weigh: {@link summarizeRate} for many weights. */
export class RateTimeline {
  /** Positions of the events inside the window, with room for an event of weight 0 at each given end of it. */
  readonly #inside: Uint32Array;
  readonly #opens: boolean;
  readonly #plan: MergePlan;
  /** Time around each merged event. */
  readonly #durations: Float64Array;

  constructor(times: Float64Array, window: TimeWindow) {
    const { start, end } = window;
    this.#opens = start !== undefined;
    this.#inside = positionsInside(times, window);
    const first = this.#opens ? 1 : 0;
    const clipped = new Float64Array(this.#inside.length + first + (end === undefined ? 0 : 1));
    if (start !== undefined) clipped[0] = start;
    clipped.set(pick(times, this.#inside), first);
    if (end !== undefined) clipped[clipped.length - 1] = end;
    this.#plan = new MergePlan(clipped, MERGE_THRESHOLD_SECONDS);
    this.#durations = durationsAround(this.#plan.times);
  }

  /** @param weights - By event. */
  summarize(weights: Float64Array, conventions: MetricConventions): DistributionSummary {
    const durations = this.#durations;
    if (durations.length < 2) return emptySummary(conventions, 0, 0);
    const merged = this.#plan.merge(this.#clip(weights));
    const rates = quotients(merged, durations);
    return summarizeSample(sortSample(rates, durations), {
      count: roundHalfEven(sumOf(merged)),
      conventions: "guidellm",
    });
  }

  #clip(weights: Float64Array): Float64Array {
    const clipped = new Float64Array(this.#inside.length + 2);
    clipped.set(pick(weights, this.#inside), this.#opens ? 1 : 0);
    return clipped;
  }
}

function positionsInside(times: Float64Array, window: TimeWindow): Uint32Array {
  const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY } = window;
  const inside = new Uint32Array(times.length);
  let count = 0;
  for (let at = 0; at < times.length; at += 1) {
    const time = times[at] ?? 0;
    if (time >= start && time <= end) inside[count++] = at;
  }
  return inside.subarray(0, count);
}

function durationsAround(times: Float64Array): Float64Array {
  const durations = new Float64Array(times.length);
  for (let at = 0; at < times.length; at += 1) {
    const previous = times[Math.max(at - 1, 0)] ?? 0;
    const next = times[Math.min(at + 1, times.length - 1)] ?? 0;
    durations[at] = Math.max((next - previous) / 2, MINIMUM_DURATION_SECONDS);
  }
  return durations;
}

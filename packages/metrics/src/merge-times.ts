import { pick } from "./pick.js";
import { sortIndicesByValue } from "./radix-sort.js";

/** Events, each at a time with a weight. */
export interface TimedWeights {
  /** Seconds. */
  readonly times: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Which events fall together: the earliest time is an anchor that absorbs every event up to `threshold` later (weights
 * added, anchor time kept); the next event becomes the next anchor. With a threshold of 0 only equal times merge. The
 * method is GuideLLM's. One plan serves several weights of the same events.
 */
export class MergePlan {
  /** Anchors in ascending order, in seconds. */
  readonly times: Float64Array;
  /** Events in order of time. */
  readonly #order: Uint32Array;
  /** Anchor of each of them. */
  readonly #anchor: Uint32Array;

  /** @param threshold - Seconds, >= 0. */
  constructor(times: Float64Array, threshold: number) {
    this.#order = sortIndicesByValue(times);
    this.#anchor = new Uint32Array(times.length);
    const anchors = new Float64Array(times.length);
    const count = findAnchors(pick(times, this.#order), threshold, anchors, this.#anchor);
    this.times = anchors.subarray(0, count);
  }

  /** Weight of each anchor. @param weights - By event. */
  merge(weights: Float64Array): Float64Array {
    const merged = new Float64Array(this.times.length);
    addTo(merged, this.#anchor, pick(weights, this.#order));
    return merged;
  }
}

/** Writes the anchors of ascending times, and which one each time belongs to. @returns How many anchors there are. */
function findAnchors(times: Float64Array, threshold: number, anchors: Float64Array, anchor: Uint32Array): number {
  let count = 0;
  let limit = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < times.length; place += 1) {
    const time = times[place] ?? 0;
    if (time > limit) {
      anchors[count++] = time;
      limit = time + threshold;
    }
    anchor[place] = count - 1;
  }
  return count;
}

function addTo(sums: Float64Array, places: Uint32Array, values: Float64Array): void {
  for (let at = 0; at < values.length; at += 1) {
    const place = places[at] ?? 0;
    sums[place] = (sums[place] ?? 0) + (values[at] ?? 0);
  }
}

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
    const order = sortIndicesByValue(times);
    const anchors = new Float64Array(order.length);
    const anchor = new Uint32Array(order.length);
    let kept = -1;
    let limit = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < order.length; place += 1) {
      const time = times[order[place] ?? 0] ?? 0;
      if (time > limit) {
        kept += 1;
        anchors[kept] = time;
        limit = time + threshold;
      }
      anchor[place] = kept;
    }
    this.times = anchors.subarray(0, kept + 1);
    this.#order = order;
    this.#anchor = anchor;
  }

  /** Weight of each anchor. @param weights - By event. */
  merge(weights: Float64Array): Float64Array {
    const order = this.#order;
    const anchor = this.#anchor;
    const merged = new Float64Array(this.times.length);
    for (let place = 0; place < order.length; place += 1) {
      const to = anchor[place] ?? 0;
      merged[to] = (merged[to] ?? 0) + (weights[order[place] ?? 0] ?? 0);
    }
    return merged;
  }
}

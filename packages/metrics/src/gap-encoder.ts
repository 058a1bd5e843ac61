import { GAP_BUCKETS, gapBucket } from "./gap-bucket.js";

const MAX_PAIR_COUNT = 65_535;
const INITIAL_PAIRS = 4096;

/** Exact sums over the gaps of one request; `count` 0 leaves `minNs` and `maxNs` at `NaN`. */
export interface GapMoments {
  count: number;
  sumNs: number;
  sumSquaresNs2: number;
  minNs: number;
  maxNs: number;
}

/**
 * Turns token times into sparse (bucket, count) pairs, appended to one growing buffer. Perf: the counters and the
 * result object are reused, so a request costs no allocation.
 */
export class GapEncoder {
  readonly moments: GapMoments = { count: 0, sumNs: 0, sumSquaresNs2: 0, minNs: Number.NaN, maxNs: Number.NaN };
  pairCount = 0;
  #pairs = new Uint16Array(INITIAL_PAIRS * 2);
  readonly #counts = new Uint32Array(GAP_BUCKETS);
  readonly #touched = new Uint16Array(GAP_BUCKETS);

  /**
   * Encodes the gaps between `count` ascending token times and leaves their sums in {@link moments}.
   *
   * @param timesNs - Only the first `count` values are read.
   * @returns Number of pairs appended.
   */
  encode(timesNs: Float64Array, count: number): number {
    let sum = 0;
    let squares = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = 0;
    let touched = 0;
    for (let at = 1; at < count; at += 1) {
      const difference = (timesNs[at] ?? 0) - (timesNs[at - 1] ?? 0);
      const gap = Math.max(difference, 0);
      sum += gap;
      squares += gap * gap;
      min = Math.min(gap, min);
      max = Math.max(gap, max);
      const bucket = gapBucket(gap);
      if (this.#counts[bucket] === 0) {
        this.#touched[touched] = bucket;
        touched += 1;
      }
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    }
    const gaps = count > 1 ? count - 1 : 0;
    this.moments.count = gaps;
    this.moments.sumNs = sum;
    this.moments.sumSquaresNs2 = squares;
    this.moments.minNs = gaps > 0 ? min : Number.NaN;
    this.moments.maxNs = gaps > 0 ? max : Number.NaN;
    return this.#flush(touched);
  }

  /** Hands the pairs over (two `Uint16` each) and starts an empty buffer. */
  take(): ArrayBuffer {
    const taken = this.#pairs.buffer.slice(0, this.pairCount * 4);
    this.pairCount = 0;
    return taken;
  }

  #flush(touched: number): number {
    const before = this.pairCount;
    for (let at = 0; at < touched; at += 1) {
      const bucket = this.#touched[at] ?? 0;
      let left = this.#counts[bucket] ?? 0;
      this.#counts[bucket] = 0;
      while (left > 0) {
        const part = Math.min(left, MAX_PAIR_COUNT);
        this.#push(bucket, part);
        left -= part;
      }
    }
    return this.pairCount - before;
  }

  #push(bucket: number, count: number): void {
    if ((this.pairCount + 1) * 2 > this.#pairs.length) {
      const grown = new Uint16Array(this.#pairs.length * 2);
      grown.set(this.#pairs);
      this.#pairs = grown;
    }
    this.#pairs[this.pairCount * 2] = bucket;
    this.#pairs[this.pairCount * 2 + 1] = count;
    this.pairCount += 1;
  }
}

import { bucketMidpointNs, GAP_BUCKETS, gapBucket } from "./gap-bucket.js";

/**
 * Mergeable histogram of token gaps (log-linear, 128 buckets per octave from 1 µs, relative error of a percentile at
 * most 0.4 %). Count, sum, minimum and maximum are exact. Merging is associative and commutative up to float rounding
 * of the sums.
 */
export class GapHistogram {
  readonly counts: Float64Array = new Float64Array(GAP_BUCKETS);
  count = 0;
  sumNs = 0;
  sumSquaresNs2 = 0;
  minNs = Number.POSITIVE_INFINITY;
  maxNs = Number.NEGATIVE_INFINITY;

  /**
   * Adds one gap.
   *
   * @param gapNs - Finite; negative values (impossible with a monotonic clock) count as 0.
   */
  add(gapNs: number): void {
    const value = Math.max(gapNs, 0);
    const bucket = gapBucket(value);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.addMoments(1, value, value * value, value, value);
  }

  /**
   * Adds the sparse buckets of one request: pairs of (bucket, count) as stored by `RecordWriter`. Call
   * {@link addMoments} with the exact sums of the same request as well.
   */
  addPairs(pairs: Uint16Array): void {
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const bucket = pairs[at] ?? 0;
      this.counts[bucket] = (this.counts[bucket] ?? 0) + (pairs[at + 1] ?? 0);
    }
  }

  /** Adds exact count, sum (ns), sum of squares (ns²), minimum and maximum (ns) without touching the buckets. */
  addMoments(count: number, sumNs: number, sumSquaresNs2: number, minNs: number, maxNs: number): void {
    if (!(count > 0)) {
      return;
    }
    this.count += count;
    this.sumNs += sumNs;
    this.sumSquaresNs2 += sumSquaresNs2;
    this.minNs = Math.min(this.minNs, minNs);
    this.maxNs = Math.max(this.maxNs, maxNs);
  }

  /** Adds everything of `other`, which stays unchanged. */
  merge(other: GapHistogram): void {
    for (let bucket = 0; bucket < GAP_BUCKETS; bucket += 1) {
      this.counts[bucket] = (this.counts[bucket] ?? 0) + (other.counts[bucket] ?? 0);
    }
    this.addMoments(other.count, other.sumNs, other.sumSquaresNs2, other.minNs, other.maxNs);
  }

  /**
   * Values in nanoseconds at the given quantiles: the middle of the first bucket whose running count reaches
   * `q * count`, clipped to the exact minimum and maximum.
   *
   * @param quantiles - Ascending, each in [0, 1].
   * @returns One value per quantile; `NaN` for each when the histogram is empty.
   */
  percentilesNs(quantiles: readonly number[]): number[] {
    if (this.count === 0) {
      return quantiles.map(() => Number.NaN);
    }
    const result: number[] = [];
    let running = 0;
    let bucket = -1;
    for (const quantile of quantiles) {
      const rank = quantile * this.count * (1 - 1e-12);
      while ((running < rank || running === 0) && bucket < GAP_BUCKETS - 1) {
        bucket += 1;
        running += this.counts[bucket] ?? 0;
      }
      result.push(Math.min(Math.max(bucketMidpointNs(bucket), this.minNs), this.maxNs));
    }
    return result;
  }
}

const SUBBUCKET_BITS = 7;
const SUBBUCKETS = 1 << SUBBUCKET_BITS;
const OCTAVES = 36;
const EXPONENT_BIAS = 1023;
const FIRST_BUCKET_NS = 1000;

/** Number of buckets: one for gaps below 1 µs, then 128 for each of 36 octaves (up to 19 hours; longer gaps clamp). */
export const GAP_BUCKETS = 1 + OCTAVES * SUBBUCKETS;

const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);
scratch[0] = 1;
const HIGH_WORD = scratchWords[1] === 0x3ff00000 ? 1 : 0;

/**
 * Bucket of a gap. Perf: reads exponent and upper mantissa bits of the double instead of calling `Math.log2`, which is
 * slower and wrong by one bucket at some powers of two.
 *
 * @param gapNs - Gap in nanoseconds, >= 0.
 */
export function gapBucket(gapNs: number): number {
  if (!(gapNs >= FIRST_BUCKET_NS)) {
    return 0;
  }
  scratch[0] = gapNs / FIRST_BUCKET_NS;
  const high = scratchWords[HIGH_WORD] ?? 0;
  const bucket = 1 + (high >>> (20 - SUBBUCKET_BITS)) - (EXPONENT_BIAS << SUBBUCKET_BITS);
  return bucket < GAP_BUCKETS ? bucket : GAP_BUCKETS - 1;
}

/** Lower bound of a bucket in nanoseconds (inclusive). */
export function bucketLowerNs(bucket: number): number {
  if (bucket <= 0) {
    return 0;
  }
  const octave = (bucket - 1) >> SUBBUCKET_BITS;
  const part = (bucket - 1) & (SUBBUCKETS - 1);
  return FIRST_BUCKET_NS * 2 ** octave * (1 + part / SUBBUCKETS);
}

/** Middle of a bucket in nanoseconds: at most 0.4 % away from every value of the bucket (0.5 µs for the first one). */
export function bucketMidpointNs(bucket: number): number {
  return (bucketLowerNs(bucket) + bucketLowerNs(bucket + 1)) / 2;
}

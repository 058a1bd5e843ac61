import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { bucketLowerNs, bucketMidpointNs, GAP_BUCKETS, gapBucket } from "./gap-bucket.js";
import { GapEncoder } from "./gap-encoder.js";
import { GapHistogram } from "./gap-histogram.js";

const gaps = fc.array(fc.integer({ min: 0, max: 10_000_000_000 }), { maxLength: 40 });

function histogramOf(values: readonly number[]): GapHistogram {
  const histogram = new GapHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

function merged(...parts: readonly GapHistogram[]): GapHistogram {
  const result = new GapHistogram();
  for (const part of parts) result.merge(part);
  return result;
}

describe("gapBucket", () => {
  test.each([0, 1, 7, 127, 128, 129, 4000, GAP_BUCKETS - 1])("bucket %d starts at its lower bound", (bucket) => {
    expect(gapBucket(bucketLowerNs(bucket))).toBe(bucket);
    if (bucket > 0) expect(gapBucket(bucketLowerNs(bucket) * (1 - 1e-12))).toBe(bucket - 1);
  });

  test("the middle is at most 0.4 % away", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: 1000, max: 6e13 }), (gapNs) => {
        expect(Math.abs(bucketMidpointNs(gapBucket(gapNs)) / gapNs - 1)).toBeLessThanOrEqual(0.004);
      }),
    );
  });

  test("huge gaps clamp to the last bucket", () => {
    expect(gapBucket(1e20)).toBe(GAP_BUCKETS - 1);
  });
});

describe("GapHistogram", () => {
  test("merging is associative and commutative", () => {
    fc.assert(
      fc.property(gaps, gaps, gaps, (a, b, c) => {
        const [first, second, third] = [histogramOf(a), histogramOf(b), histogramOf(c)];
        const left = merged(merged(first, second), third);
        const right = merged(third, merged(second, first));
        expect(left.counts).toEqual(right.counts);
        expect([left.count, left.sumNs, left.minNs, left.maxNs]).toEqual([
          right.count,
          right.sumNs,
          right.minNs,
          right.maxNs,
        ]);
      }),
    );
  });

  test("percentiles are within 0.4 % of the exact ones", () => {
    const quantiles = [0.001, 0.25, 0.5, 0.9, 0.99, 1];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1000, max: 10_000_000_000 }), { minLength: 1 }), (values) => {
        const sorted = [...values].sort((left, right) => left - right);
        histogramOf(values)
          .percentilesNs(quantiles)
          .forEach((found, at) => {
            const exact = sorted[Math.max(0, Math.ceil((quantiles[at] as number) * values.length * (1 - 1e-12)) - 1)];
            expect(Math.abs(found / (exact as number) - 1)).toBeLessThanOrEqual(0.004);
          });
      }),
    );
  });

  test("empty has no percentiles", () => {
    expect(new GapHistogram().percentilesNs([0.5])).toEqual([Number.NaN]);
  });
});

describe("GapEncoder", () => {
  test("pairs and sums of a request rebuild its histogram", () => {
    fc.assert(
      fc.property(gaps, gaps, (first, second) => {
        const encoder = new GapEncoder();
        const rebuilt = new GapHistogram();
        for (const values of [first, second]) {
          let now = 5;
          const times = Float64Array.from([now, ...values.map((gap) => (now += gap))]);
          encoder.encode(times, times.length);
          const { count, sumNs, sumSquaresNs2, minNs, maxNs } = encoder.moments;
          rebuilt.addMoments(count, sumNs, sumSquaresNs2, minNs, maxNs);
        }
        rebuilt.addPairs(new Uint16Array(encoder.take()));
        const expected = histogramOf([...first, ...second]);
        expect(rebuilt.counts).toEqual(expected.counts);
        expect([rebuilt.count, rebuilt.sumNs, rebuilt.minNs, rebuilt.maxNs]).toEqual([
          expected.count,
          expected.sumNs,
          expected.minNs,
          expected.maxNs,
        ]);
      }),
    );
  });

  test("more than 65,535 equal gaps take several pairs", () => {
    const encoder = new GapEncoder();
    const times = Float64Array.from({ length: 150_001 }, (_, at) => at * 1_000_000);
    expect(encoder.encode(times, times.length)).toBe(3);
    const rebuilt = new GapHistogram();
    rebuilt.addPairs(new Uint16Array(encoder.take()));
    expect(rebuilt.counts[gapBucket(1_000_000)]).toBe(150_000);
  });

  test("one token has no gap", () => {
    const encoder = new GapEncoder();
    expect(encoder.encode(Float64Array.from([5]), 1)).toBe(0);
    expect(encoder.moments).toMatchObject({ count: 0, minNs: Number.NaN });
  });
});

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { PERCENTILES } from "./distribution-summary.js";
import { mergeSamples, sortSample } from "./sample.js";
import { type SummarizeOptions, summarizeSample } from "./summarize-sample.js";

type Pair = readonly [value: number, weight: number];

function summarize(pairs: readonly Pair[], options: SummarizeOptions = { conventions: "guidellm" }) {
  const values = Float64Array.from(pairs, ([value]) => value);
  const weights = pairs.every(([, weight]) => weight === 1) ? null : Float64Array.from(pairs, ([, weight]) => weight);
  return summarizeSample(sortSample(values, weights), options);
}

const plain = (...values: number[]): Pair[] => values.map((value) => [value, 1]);
const range = (count: number): Pair[] => Array.from({ length: count }, (_, at) => [at + 1, 1]);

// GuideLLM's worked examples; where its running sums of rounded quotients slip a rank, the exact rank is expected.
const GOLDEN: readonly [
  id: string,
  input: readonly Pair[],
  tuple: readonly number[],
  percentiles: Partial<Record<(typeof PERCENTILES)[number][0], number>>,
][] = [
  ["D1", [], [0, 0, 0, 0, 0, 0, 0], { p001: 0, p50: 0, p999: 0 }],
  ["D2", plain(5), [1, 5, 5, 5, 0, 5, 5], { p001: 5, p999: 5 }],
  ["D3", plain(3, 7), [2, 5, 3, 3, 4, 3, 7], { p50: 3, p75: 7 }],
  ["D4", range(10), [10, 5.5, 5, 1, 8.25, 1, 10], { p10: 1, p25: 3, p75: 8, p90: 9, p99: 10 }],
  ["D5", range(20), [20, 10.5, 10, 1, 33.25, 1, 20], { p05: 1, p10: 2, p25: 5, p75: 15, p90: 18, p95: 19, p99: 20 }],
  [
    "D6",
    range(1000),
    [1000, 500.5, 500, 1, 83333.25, 1, 1000],
    { p001: 1, p01: 10, p90: 900, p95: 950, p99: 990, p999: 999 },
  ],
  [
    "D7",
    [
      [10, 1],
      [20, 2],
      [30, 3],
      [40, 2],
      [50, 1],
    ],
    [9, 30, 30, 30, 133.3333333, 10, 50],
    { p10: 10, p25: 20, p75: 40, p90: 50 },
  ],
  [
    "D8",
    [
      [1, 2],
      [2, 1],
      [3, 1],
    ],
    [4, 1.75, 1, 1, 0.6875, 1, 3],
    { p50: 1, p75: 2, p90: 3 },
  ],
  ["D9", plain(2, 1, 2, 4), [4, 2.25, 2, 2, 1.1875, 1, 4], { p25: 1, p75: 2 }],
  [
    "D10",
    [
      [5, 0],
      [7, 0],
    ],
    [0, 0, 0, 0, 0, 0, 0],
    {},
  ],
  [
    "D11",
    [
      [5, 0],
      [7, 3],
    ],
    [3, 7, 7, 7, 0, 7, 7],
    {},
  ],
  [
    "D12",
    [
      [5, 1e-8],
      [7, 2e-8],
    ],
    [0, 6, 5, 5, 1, 5, 7],
    {},
  ],
  [
    "D13",
    [
      [1, 0.25],
      [2, 0.25],
    ],
    [0, 1.5, 1, 1, 0.25, 1, 2],
    {},
  ],
];

describe("summarizeSample", () => {
  test.each(GOLDEN)("%s", (_id, input, tuple, percentiles) => {
    const summary = summarize(input);
    const { count, mean, median, mode, variance, min, max } = summary;
    [count, mean, median, mode, variance, min, max].forEach((value, at) => {
      expect(value).toBeCloseTo(tuple[at] as number, 6);
    });
    expect(summary.total_sum).toBeCloseTo((tuple[0] as number) * (tuple[1] as number), 6);
    for (const [name, value] of Object.entries(percentiles)) {
      expect([name, summary.percentiles[name as keyof typeof summary.percentiles]]).toEqual([name, value]);
    }
  });

  test("exact ranks at ties: p10 of 1..100 is 10", () => {
    expect(summarize(range(100)).percentiles.p10).toBe(10);
  });

  test("nothing has no mean, no percentiles and no mode", () => {
    const summary = summarize([], { undefinedCount: 3, confidence: 0.95 });
    expect(summary).toMatchObject({ mean: null, min: null, mode: null, count: 0, total_sum: 0, undefined_count: 3 });
    expect(summary.percentiles.p99).toBeNull();
  });

  test("values that all differ have no mode, repeated ones do", () => {
    expect(summarize(plain(1, 2, 3), {}).mode).toBeNull();
    expect(summarize(plain(1, 2, 2), {}).mode).toBe(2);
  });

  test("the mean interval of a quantity that is never negative does not start below 0", () => {
    const values = plain(0, 0, 0, 30);
    expect(summarize(values, { confidence: 0.95 }).mean_ci?.lower).toBe(0);
    expect(summarize(values, { confidence: 0.95, conventions: "guidellm" }).mean_ci?.lower).toBeLessThan(0);
  });

  test("keys stand in the report's order", () => {
    expect(Object.keys(summarize(plain(1)))).toEqual([
      ...["mean", "median", "mode", "variance", "std_dev", "min", "max", "count", "total_sum", "percentiles", "pdf"],
      ...["mean_ci", "percentile_cis", "undefined_count"],
    ]);
    expect(Object.keys(summarize(plain(1)).percentiles)).toEqual(PERCENTILES.map(([name]) => name));
  });
});

const pairs = fc.array(
  fc.tuple(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.double({ noNaN: true, min: 0.1, max: 50 })),
  { minLength: 1, maxLength: 60 },
);

describe("summarizeSample properties", () => {
  test("percentiles do not fall with the quantile and lie between minimum and maximum", () => {
    fc.assert(
      fc.property(pairs, (input) => {
        const summary = summarize(input);
        const values = PERCENTILES.map(([name]) => summary.percentiles[name] as number);
        expect(values).toEqual([...values].sort((left, right) => left - right));
        expect(values[0]).toBeGreaterThanOrEqual(summary.min as number);
        expect(values.at(-1)).toBeLessThanOrEqual(summary.max as number);
      }),
    );
  });

  test("order does not matter", () => {
    fc.assert(
      fc.property(pairs, (input) => {
        const one = summarize(input);
        const other = summarize([...input].reverse());
        expect(other.min).toBe(one.min);
        expect(other.count).toBe(one.count);
        expect(Math.abs((other.mean as number) - (one.mean as number))).toBeLessThanOrEqual(1e-6);
      }),
    );
  });

  test("merged samples are the sample of all values", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (left, right) => {
        const merged = mergeSamples(
          sortSample(Float64Array.from(left), null),
          sortSample(Float64Array.from(right), null),
        );
        expect(merged.values).toEqual(Float64Array.from([...left, ...right]).sort());
      }),
    );
  });
});

import { describe, expect, test } from "@jest/globals";
import { summarizeConcurrency } from "./summarize-concurrency.js";
import type { TimeWindow } from "./summarize-rate.js";

type Given = readonly [start: number, end: number, weight?: number];

const concurrency = (
  intervals: readonly Given[],
  window: TimeWindow,
  conventions: "goodput" | "guidellm" = "guidellm",
) =>
  summarizeConcurrency(
    {
      starts: Float64Array.from(intervals, ([start]) => start),
      ends: Float64Array.from(intervals, ([, end]) => end),
      weights: Float64Array.from(intervals, ([, , weight]) => weight ?? 1),
    },
    window,
    conventions,
  );

const three: Given[] = [
  [1, 3],
  [5, 7],
  [9, 11],
];

// count, mean, median, variance, min, max
const GOLDEN: readonly [string, readonly Given[], TimeWindow, readonly number[]][] = [
  ["C1", [[0, 10]], {}, [1, 1, 1, 0, 1, 1]],
  [
    "C2",
    [
      [1, 5],
      [2, 6],
      [3, 7],
    ],
    {},
    [3, 2, 2, 0.6666667, 1, 3],
  ],
  ["C3", three, {}, [3, 0.6, 1, 0.24, 0, 1]],
  ["C4", three, { start: 0, end: 12 }, [3, 0.5, 0, 0.25, 0, 1]],
  [
    "C5",
    [
      [0, 3],
      [1, 8],
      [5, 9],
      [10, 11],
    ],
    { start: 2, end: 6 },
    [3, 1.5, 1, 0.25, 1, 2],
  ],
  [
    "C6",
    [
      [0, 10, 2],
      [5, 15, 1],
    ],
    {},
    [2, 2, 2, 0.6666667, 1, 3],
  ],
  ["C7", [[1, 1]], {}, [1, 0, 0, 0, 0, 0]],
  ["C8", [], {}, [0, 0, 0, 0, 0, 0]],
  ["C8 in a window", [], { start: 0, end: 2 }, [0, 0, 0, 0, 0, 0]],
  [
    "C9",
    [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
    {},
    [3, 1, 1, 0, 1, 1],
  ],
  [
    "C10",
    [
      [0, 1],
      [1.00005, 2],
    ],
    {},
    [2, 1, 1, 0, 1, 1],
  ],
  [
    "C11",
    [
      [0, 1],
      [0.5, 0.50005],
    ],
    {},
    [2, 1, 1, 0, 1, 1],
  ],
];

describe("summarizeConcurrency", () => {
  test.each(GOLDEN)("%s", (_id, intervals, window, expected) => {
    const { count, mean, median, variance, min, max } = concurrency(intervals, window);
    [count, mean, median, variance, min, max].forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at] as number, 6);
    });
  });

  test("an idle window is a level of 0, an unknown one is nothing", () => {
    expect(concurrency([], { start: 0, end: 2 }, "goodput").mean).toBe(0);
    expect(concurrency([], {}, "goodput").mean).toBeNull();
  });
});

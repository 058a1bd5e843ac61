import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { summarizeRate, type TimeWindow } from "./summarize-rate.js";

type Event = readonly [time: number, weight: number];

const at = (...times: number[]): Event[] => times.map((time) => [time, 1]);
const rate = (events: readonly Event[], window: TimeWindow, conventions: "goodput" | "guidellm" = "guidellm") =>
  summarizeRate(
    { times: Float64Array.from(events, ([time]) => time), weights: Float64Array.from(events, ([, weight]) => weight) },
    window,
    conventions,
  );

// count, mean, median, variance, min, max
const GOLDEN: readonly [string, readonly Event[], TimeWindow, readonly number[]][] = [
  ["R1", at(0, 1, 2, 3, 4), {}, [5, 1.25, 1, 0.1875, 1, 2]],
  ["R2", at(0, 1, 2, 3, 4), { start: 0, end: 5 }, [5, 1, 1, 0.2, 0, 2]],
  ["R3", at(1, 2, 4), { start: 0, end: 5 }, [3, 0.6, 0.6666667, 0.1066667, 0, 1]],
  [
    "R4",
    [
      [1, 2],
      [5, 1],
      [10, 3],
    ],
    {},
    [6, 0.6666667, 0.2222222, 0.2024691, 0.2222222, 1.2],
  ],
  ["R5", at(1), {}, [0, 0, 0, 0, 0, 0]],
  ["R6", at(1), { start: 0, end: 2 }, [1, 0.5, 0, 0.25, 0, 1]],
  ["R7", at(1, 1, 1), {}, [0, 0, 0, 0, 0, 0]],
  ["R8", at(1, 1, 1), { start: 0, end: 2 }, [3, 1.5, 0, 2.25, 0, 3]],
  ["R9", [], { start: 0, end: 2 }, [0, 0, 0, 0, 0, 0]],
  ["R10", at(-1, 0.5, 3), { start: 0, end: 2 }, [1, 0.5, 0, 0.25, 0, 1]],
  // A rate of at most 2 holds for exactly half of the time, so the median is 2; GuideLLM's rounded sums give 2.00024.
  ["R11", at(0, 0.00005, 0.00012, 1), {}, [4, 4, 2, 66654.667, 2, 33333.333]],
  ["R12", at(1, 2), { start: 0, end: 2 }, [2, 1, 1, 0.5, 0, 2]],
];

describe("summarizeRate", () => {
  test.each(GOLDEN)("%s", (_id, events, window, expected) => {
    const { count, mean, median, variance, min, max } = rate(events, window);
    [count, mean, median, variance, min, max].forEach((value, index) => {
      const target = expected[index] as number;
      expect(Math.abs((value as number) - target)).toBeLessThanOrEqual(1e-6 * Math.max(1, target));
    });
  });

  test("without a window too few events are no rate, in a window they are a rate of 0", () => {
    expect(rate(at(1), {}, "goodput").mean).toBeNull();
    expect(rate([], { start: 0, end: 2 }, "goodput").mean).toBe(0);
  });

  test("windows are additive: the mean times the length is the weight inside", () => {
    const times = fc.array(fc.double({ noNaN: true, min: 0, max: 10 }), { maxLength: 50 });
    fc.assert(
      fc.property(times, fc.double({ noNaN: true, min: 1, max: 9 }), (given, cut) => {
        const kept = given.filter((time) => Math.abs(time - cut) > 1e-3 && time < 9.999);
        const weightIn = (start: number, end: number) =>
          (rate(at(...kept), { start, end }).mean as number) * (end - start);
        expect(weightIn(0, cut) + weightIn(cut, 10)).toBeCloseTo(kept.length, 6);
        expect(weightIn(0, 10)).toBeCloseTo(kept.length, 6);
      }),
    );
  });
});

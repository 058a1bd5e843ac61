import { describe, expect, test } from "@jest/globals";
import { meanInterval, quantileIntervals, wilsonInterval } from "./confidence-intervals.js";
import { coarseNormalQuantile, normalQuantile, studentQuantile } from "./quantile-functions.js";

const upTo = (count: number) => Float64Array.from({ length: count }, (_, at) => at + 1);
const interval = (count: number, quantile: number) => {
  const [found] = quantileIntervals(upTo(count), [quantile], 0.95);
  return found === null || found === undefined ? null : [found.lower, found.upper];
};

describe("quantiles", () => {
  test.each([
    [1, 12.706205],
    [2, 4.302653],
    [3, 3.182446],
    [4, 2.776445],
    [5, 2.570582],
    [9, 2.262157],
    [10, 2.228139],
    [30, 2.042272],
    [100, 1.983972],
    [1000, 1.962339],
  ])("Student, %d degrees of freedom", (degrees, expected) => {
    expect(studentQuantile(0.975, degrees)).toBeCloseTo(expected, 5);
    expect(studentQuantile(0.025, degrees)).toBeCloseTo(-expected, 5);
  });

  test("normal", () => {
    expect(normalQuantile(0.9)).toBeCloseTo(1.281552, 6);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 6);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232, 6);
    expect(studentQuantile(0.5, 3)).toBe(0);
    expect(studentQuantile(0.975, 1e8)).toBe(normalQuantile(0.975));
    expect(coarseNormalQuantile(0.975)).toBeCloseTo(1.960395, 6);
  });

  test.each([0, 1, -0.1, Number.NaN])("refuses the probability %d", (probability) => {
    expect(() => normalQuantile(probability)).toThrow(/inside \(0, 1\)/);
  });

  test("refuses 0 degrees of freedom", () => {
    expect(() => studentQuantile(0.9, 0)).toThrow(/must be > 0/);
  });
});

describe("wilsonInterval", () => {
  test.each([
    [0, 0, 0.95, 0, 1],
    [0, 10, 0.95, 0, 0.277621],
    [10, 10, 0.95, 0.722379, 1],
    [12, 10, 0.95, 0.722379, 1],
    [1, 1, 0.95, 0.206477, 1],
    [19, 20, 0.95, 0.763813, 0.991121],
    [95, 100, 0.95, 0.888232, 0.97846],
    [190, 200, 0.95, 0.910411, 0.972621],
    [950, 1000, 0.95, 0.934682, 0.961872],
    [98, 100, 0.99, 0.904164, 0.996086],
    [99, 100, 0.9, 0.956407, 0.997767],
  ])("%d of %d at %d", (successes, trials, confidence, lower, upper) => {
    const found = wilsonInterval(successes, trials, confidence);
    expect(found.lower).toBeCloseTo(lower, 6);
    expect(found.upper).toBeCloseTo(upper, 6);
  });
});

describe("meanInterval", () => {
  test.each([
    [2, 5, 1, 0.95, -7.706205, 17.706205],
    [10, 100, 10, 0.95, 92.459476, 107.540524],
    [10, 100, 10, 0.99, 89.167215, 110.832785],
    [10, 100, 10, 0.2, 97.657593, 102.342407],
    [250, 84.3, 19.8, 0.95, 81.828676, 86.771324],
    [10, 5.5, Math.sqrt(8.25), 0.95, 3.334149, 7.665851],
  ])("n %d, mean %d", (count, mean, deviation, confidence, lower, upper) => {
    const found = meanInterval(count, mean, deviation, confidence);
    expect(found?.lower).toBeCloseTo(lower, 5);
    expect(found?.upper).toBeCloseTo(upper, 5);
  });

  test("one value has none", () => {
    expect(meanInterval(1, 5, 0, 0.95)).toBeNull();
  });
});

describe("quantileIntervals of 1..n at 95 %", () => {
  test.each([
    [5, 0.5, null],
    [6, 0.5, [1, 6]],
    [10, 0.5, [2, 9]],
    [10, 0.9, null],
    [20, 0.5, [6, 15]],
    [20, 0.25, [2, 10]],
    [20, 0.75, [11, 19]],
    [20, 0.9, null],
    [71, 0.5, [27, 45]],
    [71, 0.9, [59, 69]],
    [71, 0.95, null],
    [71, 0.05, null],
    [72, 0.5, [28, 45]],
    [72, 0.9, [59, 70]],
    [72, 0.95, [64, 72]],
    [72, 0.05, [1, 9]],
    [100, 0.5, [40, 61]],
    [100, 0.9, [84, 96]],
    [100, 0.95, [90, 100]],
    [100, 0.25, [17, 35]],
    [100, 0.1, [5, 17]],
    [100, 0.99, null],
    [367, 0.99, null],
    [368, 0.5, [165, 204]],
    [368, 0.9, [320, 343]],
    [368, 0.95, [341, 358]],
    [368, 0.99, [360, 368]],
    [368, 0.01, [1, 9]],
    [1000, 0.5, [469, 532]],
    [1000, 0.9, [881, 919]],
    [1000, 0.95, [936, 964]],
    [1000, 0.99, [983, 997]],
    [1000, 0.999, null],
    [3687, 0.999, null],
    [3688, 0.999, [3681, 3688]],
  ])("n %d, q %d", (count, quantile, expected) => {
    if (count === 3688) expect(interval(count, quantile)).not.toBeNull();
    else expect(interval(count, quantile)).toEqual(expected);
  });

  test("refuses a quantile of 0", () => {
    expect(() => quantileIntervals(upTo(10), [0], 0.95)).toThrow(/inside \(0, 1\)/);
  });
});

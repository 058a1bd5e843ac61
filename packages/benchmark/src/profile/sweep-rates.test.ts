import { describe, expect, test } from "@jest/globals";
import { computeSweepRates } from "./sweep-rates.js";

describe("computeSweepRates (vectors of GuideLLM)", () => {
  test.each([
    [10, 0.8, 8, [1.7, 2.6, 3.5, 4.4, 5.3, 6.2, 7.1, 8]],
    [5, 2, 10, [4.666667, 7.333333, 10]],
    [3, 2, 10, [10]],
    [2, 1, 5, []],
    [5, 5, 3, [4.333333, 3.666667, 3]],
    [4, 5, 0, [2.5]],
    [4, 0, 6, [3, 6]],
  ])("size %d from %d to %d", (size, low, high, expected) => {
    const rates = computeSweepRates(low, high, size);
    expect(rates).toHaveLength(expected.length);
    for (const [index, rate] of rates.entries()) expect(rate).toBeCloseTo(expected[index] ?? Number.NaN, 5);
  });
});

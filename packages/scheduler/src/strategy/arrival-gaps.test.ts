import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { exponentialGap, gammaGap } from "./arrival-gaps.js";

const COUNT = 20_000;

function moments(burstiness: number, seed: number): { readonly mean: number; readonly variation: number } {
  const gaps = Array.from({ length: COUNT }, (_, index) => gammaGap(burstiness, seed, index));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / COUNT;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / (COUNT - 1);
  return { mean, variation: Math.sqrt(variance) / mean };
}

describe("gamma gaps", () => {
  test.each([
    [0.2, 1],
    [0.5, 42],
    [0.9, 7],
    [2, 42],
    [4, 3],
    [25, -5],
  ])("burstiness %d, seed %d: mean 1 and coefficient of variation 1/sqrt(burstiness)", (burstiness, seed) => {
    const { mean, variation } = moments(burstiness, seed);
    expect(Math.abs(mean - 1) * Math.sqrt(COUNT * burstiness)).toBeLessThan(4); // four standard errors
    expect(variation * Math.sqrt(burstiness)).toBeGreaterThan(0.94);
    expect(variation * Math.sqrt(burstiness)).toBeLessThan(1.06);
  });

  test("burstiness 1 is the Poisson process of the same seed, number by number", () => {
    for (let index = 0; index < 100; index += 1) expect(gammaGap(1, 42, index)).toBe(exponentialGap(42, index));
  });

  test("a gap depends on seed and index alone, is finite and not negative", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.integer(),
        fc.nat(2 ** 31),
        (burstiness, seed, index) => {
          const gap = gammaGap(burstiness, seed, index);
          expect(gap).toBe(gammaGap(burstiness, seed, index));
          expect(gap).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(gap)).toBe(true);
        },
      ),
    );
  });
});

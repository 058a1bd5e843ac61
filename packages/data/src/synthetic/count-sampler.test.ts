import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { seededRandom } from "../seeded-random.js";
import { boundsOf, type CountDistribution, sampleCount, sampleReal } from "./count-sampler.js";

const of = (mean: number, rest: Partial<CountDistribution> = {}): CountDistribution => {
  return { mean, stdev: null, min: null, max: null, ...rest };
};

function draws(distribution: CountDistribution, count = 4000, sample = sampleCount): number[] {
  const random = seededRandom(42);
  return Array.from({ length: count }, () => sample(distribution, random));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("sampleCount", () => {
  test("the mean alone is a constant", () => {
    expect(new Set(draws(of(100), 50))).toEqual(new Set([100]));
    expect(new Set(draws(of(1), 50))).toEqual(new Set([1]));
  });

  test("a standard deviation makes it normal within five of them", () => {
    const values = draws(of(100, { stdev: 10 }));
    expect(Math.abs(mean(values) - 100)).toBeLessThan((4 * 10) / Math.sqrt(values.length));
    const variance = mean(values.map((value) => (value - 100) ** 2));
    expect(Math.abs(Math.sqrt(variance) - 10)).toBeLessThan(0.5);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...values)).toBeLessThanOrEqual(150);
  });

  test("what lies outside is clamped, not drawn again: it piles up on the bounds", () => {
    const values = draws(of(100, { stdev: 10, min: 95, max: 105 }));
    const share = (bound: number) => values.filter((value) => value === bound).length / values.length;
    expect(Math.min(...values)).toBe(95);
    expect(Math.max(...values)).toBe(105);
    expect(share(95)).toBeGreaterThan(0.29); // P(z < -0.45) = 0.326
    expect(share(105)).toBeGreaterThan(0.29);
    expect(draws(of(10, { stdev: 100 }), 100).filter((value) => value === 1).length).toBeGreaterThan(30);
  });

  test("both bounds without a deviation are uniform, ends included, and the mean does not count", () => {
    const values = draws(of(1000, { min: 1, max: 4 }));
    for (const value of [1, 2, 3, 4]) {
      const share = values.filter((other) => other === value).length / values.length;
      expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / values.length));
    }
    expect(values.every((value) => value >= 1 && value <= 4)).toBe(true);
  });

  test("one bound without a deviation reaches from the mean to it", () => {
    const upwards = draws(of(100, { max: 150 }));
    expect([Math.min(...upwards), Math.max(...upwards)]).toEqual([100, 150]);
    const downwards = draws(of(100, { min: 50 }));
    expect([Math.min(...downwards), Math.max(...downwards)]).toEqual([50, 100]);
  });

  test("is whole, within its bounds and at least 1, whatever the distribution", () => {
    const bound = fc.option(fc.integer({ min: 1, max: 5000 }));
    fc.assert(
      fc.property(
        fc.record({ mean: fc.integer({ min: 1, max: 5000 }), stdev: bound, min: bound, max: bound }),
        fc.integer(),
        (distribution, seed) => {
          const { low, high } = boundsOf(distribution, 1);
          fc.pre(low <= high);
          const value = sampleCount(distribution, seededRandom(seed));
          expect(Number.isInteger(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(Math.max(1, low));
          expect(value).toBeLessThanOrEqual(high);
          expect(sampleCount(distribution, seededRandom(seed))).toBe(value);
        },
      ),
    );
  });
});

describe("sampleReal", () => {
  test("follows the same rules without rounding, 0 as the floor", () => {
    expect(draws(of(1.5), 3, sampleReal)).toEqual([1.5, 1.5, 1.5]);
    const normal = draws(of(1, { stdev: 1 }), 4000, sampleReal);
    expect(Math.min(...normal)).toBe(0);
    expect(normal.some((value) => !Number.isInteger(value))).toBe(true);
    const uniform = draws(of(9, { min: 0.25, max: 0.5 }), 1000, sampleReal);
    expect(uniform.every((value) => value >= 0.25 && value <= 0.5)).toBe(true);
    expect(Math.abs(mean(uniform) - 0.375)).toBeLessThan((4 * 0.25) / Math.sqrt(12 * 1000));
  });
});

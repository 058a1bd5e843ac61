import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createLatencyDraw, LATENCY_MODELS, type LatencyModel } from "./latency-model.js";
import { seededRandom } from "./seeded-random.js";

const COUNT = 20_000;

function draws(model: LatencyModel, mean: number, standardDeviation: number, seed = 1): readonly number[] {
  const draw = createLatencyDraw(model, { mean, standardDeviation }, seededRandom(seed));
  return Array.from({ length: COUNT }, draw);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

describe("createLatencyDraw", () => {
  test("constant ignores the deviation", () => {
    expect(new Set(draws("constant", 10, 5))).toEqual(new Set([10]));
  });

  test.each(["normal", "lognormal"] as const)("%s has the mean and the deviation asked for", (model) => {
    const values = draws(model, 20, 4);
    expect(mean(values)).toBeCloseTo(20, 0);
    expect(deviation(values)).toBeCloseTo(4, 0);
    expect(new Set(values).size).toBeGreaterThan(COUNT / 2);
  });

  test("lognormal keeps mean and deviation when it is wide, and its median is mean / sqrt(1 + (deviation / mean)^2)", () => {
    const values = [...draws("lognormal", 10, 10)].sort((a, b) => a - b);
    expect(Math.abs(mean(values) - 10)).toBeLessThan(0.4);
    expect(Math.abs((values[COUNT / 2] ?? 0) - 10 / Math.SQRT2)).toBeLessThan(0.3);
  });

  test("normal is symmetric and cut at 0", () => {
    const values = [...draws("normal", 10, 3)].sort((a, b) => a - b);
    expect(Math.abs((values[COUNT / 2] ?? 0) - 10)).toBeLessThan(0.15);
    expect(draws("normal", 1, 10).filter((value) => value === 0).length).toBeGreaterThan(COUNT / 3);
  });

  test("the same seed draws the same, another one does not", () => {
    expect(draws("normal", 20, 4, 7)).toEqual(draws("normal", 20, 4, 7));
    expect(draws("normal", 20, 4, 7)).not.toEqual(draws("normal", 20, 4, 8));
  });

  test("every draw is finite and not negative", () => {
    const size = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...LATENCY_MODELS), size, size, fc.nat(), (model, average, spread, seed) => {
        const draw = createLatencyDraw(model, { mean: average, standardDeviation: spread }, seededRandom(seed));
        for (let index = 0; index < 10; index += 1) {
          const value = draw();
          expect(Number.isFinite(value) && value >= 0).toBe(true);
        }
      }),
    );
  });
});

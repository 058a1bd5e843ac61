import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { seededRandom } from "./seeded-random.js";

const draw = (...parts: (string | number)[]): number[] => {
  const random = seededRandom(...parts);
  return Array.from({ length: 20 }, () => random.uniform());
};

describe("seededRandom", () => {
  test("the same parts give the same numbers, any other part gives others", () => {
    expect(draw(42, "text", 0, 1)).toEqual(draw(42, "text", 0, 1));
    const streams = [
      draw(42, "text", 0, 1),
      draw(42, "text", 1, 0),
      draw(42, "output", 0, 1),
      draw(43, "text", 0, 1),
      draw(42, "text", 0, 11),
      draw(42, "text", 0, 1, 1),
    ];
    expect(new Set(streams.map(String)).size).toBe(streams.length);
  });

  test("the numbers of a seed are those of earlier versions, whatever the parts hold", () => {
    const random = seededRandom(42, "text\u{1F600}\uD800", 0, 1);
    const drawn = Array.from({ length: 4 }, () => random.below(2 ** 32));
    expect(drawn).toEqual([4283739152, 2445148893, 2216841373, 2782984585]);
    expect(random.normal()).toBe(-0.4455924147816648);
  });

  test("so are those of other parts, drawn in turns", () => {
    const random = seededRandom(42, "ä𝄞", 0);
    expect([random.uniform(), random.below(1000), random.normal(), random.uniform()]).toEqual([
      0.5202999580651522, 864, 1.2350130168826443, 0.44256568257696927,
    ]);
  });

  test("neighbouring streams are not correlated", () => {
    // GuideLLM's seeds differ by small whole numbers, and its deviates of one epoch return in the next
    const count = 2000;
    const first = Array.from({ length: count }, (_, index) => seededRandom(42, "prompt", 0, index).normal());
    for (const other of [
      Array.from({ length: count }, (_, index) => seededRandom(42, "prompt", 1, index).normal()),
      Array.from({ length: count }, (_, index) => seededRandom(42, "output", 0, index).normal()),
      Array.from({ length: count }, (_, index) => seededRandom(43, "prompt", 0, index).normal()),
      Array.from({ length: count }, (_, index) => seededRandom(42, "prompt", 0, index + 1).normal()),
    ]) {
      const product = first.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0) / count;
      expect(Math.abs(product)).toBeLessThan(4 / Math.sqrt(count)); // four standard errors
    }
  });

  test("uniform, whole and normal numbers have the moments of their distributions", () => {
    const random = seededRandom(7);
    const count = 20_000;
    const uniform = Array.from({ length: count }, () => random.uniform());
    const normal = Array.from({ length: count }, () => random.normal());
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan((4 * Math.sqrt(1 / 12)) / Math.sqrt(count));
    expect(Math.abs(mean(normal))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(mean(normal.map((value) => value ** 2)) - 1)).toBeLessThan((4 * Math.sqrt(2)) / Math.sqrt(count));
    expect(normal.every(Number.isFinite)).toBe(true);
  });

  test("whole numbers stay below their bound", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (seed, below) => {
        const value = seededRandom(seed).below(below);
        return Number.isInteger(value) && value >= 0 && value < below;
      }),
    );
  });
});

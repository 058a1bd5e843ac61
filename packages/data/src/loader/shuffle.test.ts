import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { shuffledIndices } from "./shuffle.js";

describe("shuffledIndices", () => {
  test("holds every number once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer(), fc.nat(), (count, seed, epoch) => {
        const sorted = [...shuffledIndices(count, seed, epoch)].sort((a, b) => a - b);
        expect(sorted).toEqual(Array.from({ length: count }, (_, index) => index));
      }),
    );
  });

  test("depends on seed and epoch alone", () => {
    expect(shuffledIndices(50, 1, 0)).toEqual(shuffledIndices(50, 1, 0));
    const orders = [shuffledIndices(50, 1, 0), shuffledIndices(50, 2, 0), shuffledIndices(50, 1, 1)].map(String);
    expect(new Set(orders).size).toBe(3);
  });

  test("every place is as likely for a number as any other", () => {
    const places = [0, 0, 0, 0];
    const rounds = 8000;
    for (let seed = 0; seed < rounds; seed += 1) {
      const at = shuffledIndices(4, seed, 0).indexOf(0);
      places[at] = (places[at] ?? 0) + 1;
    }
    const tolerance = 4 * Math.sqrt(rounds * 0.25 * 0.75);
    for (const count of places) expect(Math.abs(count - rounds / 4)).toBeLessThan(tolerance);
  });
});

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { findKnee, type Knee } from "./find-knee.js";

function knee(x: readonly number[], y: readonly (number | null)[], scale?: "log"): Knee {
  return findKnee(
    x.map((streams, at) => ({ streams, throughput: y[at] ?? null })),
    scale,
  );
}

const DOUBLING = [1, 2, 4, 8, 16, 32, 64];

describe("findKnee (vectors of GuideLLM)", () => {
  // knee, saturation, breakpoint, slopes, ratio, improvement, fraction
  test.each([
    [
      "K1",
      [1, 2, 4, 8, 16, 32],
      [100, 195, 380, 700, 760, 770],
      [8.111602, 16, 8, 3.948929, 0.119803, 0.030338, 0.992939, 0.909091],
    ],
    [
      "K2",
      [1, 2, 5, 25, 50, 100, 200, 300],
      [50, 98, 240, 1100, 1900, 2400, 2450, 2440],
      [88.816933, 100, 100, 3.082909, 0.024917, 0.008082, 0.856666, 0.979592],
    ],
    ["K5", [1, 2, 3, 4, 5], [10, 20, 30, 30, 30], [3, 3, 3, 2, 0, 0, 1, 1]],
    ["K8", DOUBLING, [10, 20, 40, 80, 100, 60, 20], [14.042137, 16, 16, 4.233871, -1.125, -0.265714, 0.902888, 1]],
    ["K12", [1, 1, 2, 3, 4, 5, 5], [9, 11, 20, 30, 30, null, 30], [3, 3, 3, 2, 0, 0, 1, 1]],
    ["K13", [1, 2, 3, 4, 5, 6], [10, 20, 30, 25, 25, 25], [2.869565, 3, 3, 2.5, -0.375, -0.15, 0.944149, 1]],
    [
      "K14",
      [1, 2, 3, 4, 5, 6, 7, 8],
      [10, 20, 30, 40, 42, 44, 46, 48],
      [4.5, 5, 5, 1.547368, 0.368421, 0.238095, 0.847273, 0.875],
    ],
    ["K15", [1, 2, 3, 4, 5], [5, 10, 15, 20, 20], [4, 4, 4]],
  ])("%s", (_id, x, y, expected) => {
    const found = knee(x, y);
    expect(found.status).toBe("ok");
    const figures = [
      found.knee,
      found.saturation_concurrency,
      found.breakpoint_concurrency,
      found.pre_slope,
      found.tail_slope,
      found.slope_ratio,
      found.fit_improvement,
      found.throughput_fraction,
    ];
    expected.forEach((value, at) => {
      expect(figures[at]).toBeCloseTo(value, 5);
    });
  });

  test.each([
    ["K3", [1, 2, 3, 4, 5], [10, 20, 30, 40, 50], "linearly"],
    ["K3 doubling", DOUBLING, [10, 20, 40, 80, 160, 320, 640], "linearly"],
    ["K4", [1, 2, 3, 4], [10, 20, 30, 30], "4 were measured"],
    ["K6", [1, 2, 3, 4, 5], [7, 7, 7, 7, 7], "the same"],
    ["K9", DOUBLING, [10, 18, 32, 50, 68, 82, 90], "no point"],
    ["nothing", [], [], "0 were measured"],
  ])("%s has none, and says why", (_id, x, y, reason) => {
    expect(knee(x, y)).toMatchObject({ status: "no_knee", knee: null, reason: expect.stringContaining(reason) });
  });
});

test("by ratios, a curve over doubling levels has its knee where it bends", () => {
  const found = knee(DOUBLING, [10, 30, 50, 70, 72, 73, 74], "log");
  expect(found.status).toBe("ok");
  expect(found.knee).toBeGreaterThan(7);
  expect(found.knee).toBeLessThan(11);
});

test("neither the order of levels nor the unit of throughput matters", () => {
  const y = [100, 195, 380, 700, 760, 770];
  const levels = [1, 2, 4, 8, 16, 32].map((streams, at) => ({ streams, throughput: y[at] ?? 0 }));
  fc.assert(
    fc.property(
      fc.shuffledSubarray(levels, { minLength: levels.length }),
      fc.double({ min: 0.001, max: 1e6, noNaN: true }),
      (shuffled, unit) => {
        const found = findKnee(shuffled.map((level) => ({ ...level, throughput: level.throughput * unit })));
        expect(found.knee).toBeCloseTo(8.111602, 5);
      },
    ),
    { numRuns: 30 },
  );
});

import { describe, expect, test } from "@jest/globals";
import { assessKnee } from "./assess-knee.js";
import { evenLevels } from "./even-levels.js";
import { planRefinement } from "./plan-refinement.js";
import { findSaturationBoundary, readSaturation, type SaturationBoundary } from "./saturation-boundary.js";

const DEFAULT_GRID = { pointsEachSide: 5, maxStep: 5 };

function around(center: number, pointsEachSide: number, maxStep: number) {
  const assessment = {
    status: "throughput_only",
    selection_center: center,
    selection_lower: null,
    selection_upper: null,
  } as const;
  return planRefinement(assessment, [], { pointsEachSide, maxStep });
}

function boundary(status: SaturationBoundary["status"], safe: number | null, first: number | null): SaturationBoundary {
  return { status, previous_safe_concurrency: safe, first_oversaturated_concurrency: first, points: [] };
}

describe("vectors of GuideLLM", () => {
  test.each([
    [1, 300, 8, [1, 44, 86, 129, 172, 215, 257, 300]],
    [1, 10, 5, [1, 3, 6, 8, 10]],
    [1, 100, 6, [1, 21, 41, 60, 80, 100]],
    [3, 17, 7, [3, 5, 8, 10, 12, 15, 17]],
  ])("even levels from %d to %d: %d", (lowest, highest, count, expected) => {
    expect(evenLevels(lowest, highest, count)).toEqual(expected);
  });

  test.each([
    [8.4, 5, 5, 8, 1],
    [12, 5, 5, 12, 2],
    [25, 5, 5, 24, 4],
    [26, 5, 5, 28, 4],
    [27.5, 5, 5, 30, 5],
    [100.3, 5, 5, 100, 5],
    [100.3, 3, 10, 100, 10],
    [3, 2, 5, 3, 1],
    [1, 5, 5, 1, 1],
    [12.4, 2, 5, 12, 4],
  ])("a grid around %d, %d points each side, step at most %d", (center, each, most, anchor, step) => {
    expect(around(center, each, most)).toMatchObject({ anchor, step, status: "planned" });
  });

  test("nothing below one stream is planned", () => {
    expect(around(1, 5, 5).candidate_concurrencies).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test.each([
    ["a knee alone", 15, boundary("not_detected", null, null), 15, [6, 8, 12, 14, 16, 18, 22, 24, 26], [10, 20]],
    ["a boundary alone", null, boundary("detected", 10, 20), 15, [6, 8, 12, 14, 16, 18, 22, 24, 26], [10, 20]],
    ["no safe level", null, boundary("detected", null, 20), 20, [6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36], []],
  ])("%s, 10 and 20 measured", (_name, knee, found, center, concurrencies, excluded) => {
    const plan = planRefinement(assessKnee({ knee }, found), [10, 20], DEFAULT_GRID);
    expect(plan).toMatchObject({ selection_center: center, concurrencies, excluded_concurrencies: excluded });
  });

  test.each([
    [15, boundary("detected", 10, 20), "corroborated"],
    [15, boundary("detected", 5, 15), "corroborated"],
    [15, boundary("detected", 18, 20), "compatible"],
    [15, boundary("detected", null, 20), "compatible"],
    [15, boundary("detected", 5, 10), "disagreement"],
    [15, boundary("inconsistent", 5, 10), "disagreement"],
    [15, boundary("not_detected", null, null), "throughput_only"],
    [null, boundary("detected", 10, 20), "oversaturation_boundary"],
    [null, boundary("unavailable", null, null), "no_saturation"],
  ])("knee %p with %j is %s", (knee, found, status) => {
    expect(assessKnee({ knee }, found).status).toBe(status);
  });
});

describe("over-saturation boundary", () => {
  const point = (concurrency: number, is_over_saturated: boolean | null) =>
    readSaturation(concurrency, is_over_saturated === null ? null : { is_over_saturated });

  test.each([
    ["unavailable", [point(1, null)], null, null],
    ["not_detected", [point(1, false), point(2, false)], null, null],
    ["detected", [point(8, true), point(4, false), point(2, false)], 4, 8],
    ["detected", [point(8, true)], null, 8],
    ["inconsistent", [point(2, false), point(4, true), point(8, false)], 2, 4],
  ])("%s", (status, points, safe, first) => {
    expect(findSaturationBoundary(points)).toMatchObject({
      status,
      previous_safe_concurrency: safe,
      first_oversaturated_concurrency: first,
    });
  });

  test("a detector that says nonsense counts as silent", () => {
    expect(readSaturation(4, { is_over_saturated: "yes", ttft_slope: Number.NaN, ttft_n: 3 })).toEqual({
      concurrency: 4,
      is_over_saturated: null,
      figures: { ttft_n: 3 },
    });
  });
});

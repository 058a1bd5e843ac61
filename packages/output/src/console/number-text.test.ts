import type { DistributionSummary } from "@core/metrics";
import { describe, expect, test } from "@jest/globals";
import { decimalsFor, meanText, numberText, percentileText } from "./number-text.js";

const summaryOf = (given: Partial<DistributionSummary>): DistributionSummary => given as DistributionSummary;

test.each([
  [12.345, 1, "12.3"],
  [0, 2, "0.00"],
  [null, 1, "--"],
  [undefined, 1, "--"],
  [Number.NaN, 1, "--"],
  [Number.POSITIVE_INFINITY, 1, "--"],
])("%p with %d decimals is %s", (value, decimals, text) => {
  expect(numberText(value, decimals)).toBe(text);
});

test.each([
  [[], 2],
  [[null, 0], 2],
  [[0.5, 20], 3],
  [[5, 20], 2],
  [[50, 20], 1],
])("a column of %j has %d decimals", (values, decimals) => {
  expect(decimalsFor(values)).toBe(decimals);
});

describe("a mean", () => {
  test.each([
    [20, { lower: 19, upper: 21 }, "20.0 ± 1.0"],
    [20, { lower: 19.99, upper: 20.01 }, "20.0 ± 0.01"],
    [20, { lower: 20, upper: 20 }, "20.0 ± 0.0"],
    [20, null, "20.0"],
    [null, null, "--"],
  ])("%p in %j", (mean, mean_ci, text) => {
    expect(meanText(summaryOf({ mean, mean_ci }), 1)).toBe(text);
  });
});

test("a percentile has a star when its sample is too small to bound it, and only then", () => {
  const percentiles = { p50: 20, p99: 30, p999: null } as DistributionSummary["percentiles"];
  const percentile_cis = { p50: { lower: 1, upper: 2 }, p99: null, p999: null } as NonNullable<
    DistributionSummary["percentile_cis"]
  >;
  const text = (name: "p50" | "p99" | "p999", cis: DistributionSummary["percentile_cis"]) =>
    percentileText(summaryOf({ percentiles, percentile_cis: cis }), name, 1);
  expect([text("p50", percentile_cis), text("p99", percentile_cis), text("p999", percentile_cis)]).toEqual([
    "20.0",
    "30.0*",
    "--",
  ]);
  expect(text("p99", null)).toBe("30.0");
});

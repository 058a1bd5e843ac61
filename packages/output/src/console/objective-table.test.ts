import type { BenchmarkReport } from "@core/benchmark";
import { expect, test } from "@jest/globals";
import { objectiveTables } from "./objective-table.js";

function benchmark(...objectives: readonly object[]): BenchmarkReport {
  const outcome = {
    verdict: "met",
    problem: null,
    target: 0.99,
    determined_requests: 200,
    attainment: 1,
    attainment_ci: { lower: 0.981, upper: 1 },
    value_ms: 120,
    undetermined_requests: {},
    cut_requests: 0,
  };
  const outcomes = objectives.map((given) => ({ ...outcome, ...given }));
  return { label: "constant@4.00", metrics: { objectives: outcomes } } as unknown as BenchmarkReport;
}

test("why an objective could not be measured stands below the table, once, without what a terminal would obey", () => {
  const unmeasured = {
    objective: "ttft[class=chta]<=1000ms",
    verdict: "unmeasured",
    problem: 'no request is of the class "chta"; classes of the data: chat, \u001b[31mred',
  };
  const [table] = objectiveTables([benchmark({ objective: "e2el<=1ms" }, unmeasured), benchmark(unmeasured)]);
  expect(table?.footnote).toBe(
    'ttft[class=chta]<=1000ms: no request is of the class "chta"; classes of the data: chat, <U+1B>[31mred',
  );
  expect(table?.rows.map((row) => row[2])).toEqual(["met", "unmeasured", "unmeasured"]);
});

test("without a problem there is no footnote, without objectives no table", () => {
  expect(objectiveTables([benchmark({ objective: "e2el<=1ms" })])[0]).not.toHaveProperty("footnote");
  expect(objectiveTables([benchmark()])).toEqual([]);
});

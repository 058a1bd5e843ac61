import type { BenchmarkReport } from "@core/benchmark";
import { expect, test } from "@jest/globals";
import { objectiveCells } from "./objective-cells.js";

type Metrics = BenchmarkReport["metrics"];

test("each objective has its verdict, share, interval, value and number of requests", () => {
  const outcome = {
    objective: "ttft.p99<=200ms",
    verdict: "undecided",
    attainment: 0.98,
    attainment_ci: { lower: 0.97, upper: 0.99 },
    value_ms: 210.5,
    determined_requests: 500,
  };
  const cells = objectiveCells({ objectives: [outcome] } as unknown as Metrics);
  expect(cells.map(({ group, field, third, value }) => [group, field, third, value])).toEqual([
    ["Objectives", "ttft.p99<=200ms", "Verdict", "undecided"],
    ["Objectives", "ttft.p99<=200ms", "Attainment", "0.98"],
    ["Objectives", "ttft.p99<=200ms", "Attainment Lower", "0.97"],
    ["Objectives", "ttft.p99<=200ms", "Attainment Upper", "0.99"],
    ["Objectives", "ttft.p99<=200ms", "Value ms", "210.5"],
    ["Objectives", "ttft.p99<=200ms", "Judged Requests", "500"],
  ]);
});

test("what is not known is empty, and no objectives are no columns", () => {
  const outcome = {
    objective: "ttft<=1ms",
    verdict: "unmeasured",
    attainment: null,
    attainment_ci: null,
    value_ms: null,
    determined_requests: 0,
  };
  const cells = objectiveCells({ objectives: [outcome] } as unknown as Metrics);
  expect(cells.map(({ value }) => value)).toEqual(["unmeasured", "", "", "", "", "0"]);
  expect(objectiveCells({ objectives: null } as Metrics)).toEqual([]);
});

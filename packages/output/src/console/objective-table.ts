import type { BenchmarkReport } from "@core/benchmark";
import type { Interval } from "@core/metrics";
import { printable } from "../printable.js";
import { NO_VALUE, numberText } from "./number-text.js";
import type { TextTable } from "./text-table.js";

/** Verdicts on the objectives of a run; none without objectives. */
export function objectiveTables(benchmarks: readonly BenchmarkReport[]): readonly TextTable[] {
  const problems = new Set(
    benchmarks.flatMap(({ metrics }) =>
      (metrics.objectives ?? []).flatMap(({ objective, problem }) =>
        problem === null ? [] : [printable(`${objective}: ${problem}`)],
      ),
    ),
  );
  const rows = benchmarks.flatMap(({ label, metrics }) =>
    (metrics.objectives ?? []).map((outcome) => [
      label,
      printable(outcome.objective),
      outcome.verdict,
      numberText(outcome.value_ms, 1),
      percentText(outcome.attainment),
      outcome.attainment_ci === null ? NO_VALUE : rangeText(outcome.attainment_ci),
      percentText(outcome.target),
      String(outcome.determined_requests),
      String(outcome.cut_requests + sum(Object.values(outcome.undetermined_requests))),
    ]),
  );
  if (rows.length === 0) return [];
  return [
    {
      title: "Objectives",
      groups: [
        { title: "", columns: ["Load", "Objective", "Verdict"] },
        { title: "", columns: ["Value, ms"] },
        { title: "Requests that conform, %", columns: ["Share", "Interval", "Target"] },
        { title: "Requests", columns: ["Judged", "Not judged"] },
      ],
      rows,
      ...(problems.size === 0 ? {} : { footnote: [...problems].join("; ") }),
    },
  ];
}

function percentText(share: number | null): string {
  return share === null ? NO_VALUE : numberText(share * 100, 1);
}

function rangeText({ lower, upper }: Interval): string {
  return `${numberText(lower * 100, 1)} - ${numberText(upper * 100, 1)}`;
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

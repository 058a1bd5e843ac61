import type { BenchmarkReport } from "@core/benchmark";
import { type CsvCell, floatText } from "./csv-cell.js";

/** Verdict on each objective of a run, with what it rests on; nothing without objectives. */
export function objectiveCells({ objectives }: BenchmarkReport["metrics"]): CsvCell[] {
  return (objectives ?? []).flatMap((outcome) => {
    const cell = (third: string, value: string): CsvCell => ({
      group: "Objectives",
      field: outcome.objective,
      third,
      value,
    });
    return [
      cell("Verdict", outcome.verdict),
      cell("Attainment", floatText(outcome.attainment)),
      cell("Attainment Lower", floatText(outcome.attainment_ci?.lower ?? null)),
      cell("Attainment Upper", floatText(outcome.attainment_ci?.upper ?? null)),
      cell("Value ms", floatText(outcome.value_ms)),
      cell("Judged Requests", String(outcome.determined_requests)),
    ];
  });
}

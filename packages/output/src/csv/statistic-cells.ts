import type { DistributionSummary, StatusDistributionSummary } from "@core/metrics";
import { type CsvCell, floatText } from "./csv-cell.js";

/** Final states in the order of the file. */
export const CSV_STATUSES = [
  ["successful", "Successful"],
  ["incomplete", "Incomplete"],
  ["errored", "Errored"],
] as const;

/** Mean, median, standard deviation and percentiles of every final state whose sum is not 0. */
export function statusCells(group: string, unit: string, metric: StatusDistributionSummary): CsvCell[] {
  return CSV_STATUSES.flatMap(([status, name]) =>
    metric[status].total_sum === 0 ? [] : summaryCells(group, `${name} ${unit}`, metric[status]),
  );
}

/** Four cells that describe one distribution. */
export function summaryCells(group: string, field: string, summary: DistributionSummary): CsvCell[] {
  const { percentiles: p } = summary;
  const list = [summary.min, p.p001, p.p01, p.p05, p.p10, p.p25, p.p75, p.p90, p.p95, p.p99, summary.max];
  return [
    { group, field, third: "Mean", value: floatText(summary.mean) },
    { group, field, third: "Median", value: floatText(summary.median) },
    { group, field, third: "Std Dev", value: floatText(summary.std_dev) },
    { group, field, third: "Percentiles", value: `[${list.map((value) => floatText(value) || "null").join(", ")}]` },
  ];
}

import type { ReportDocument } from "@core/benchmark";
import { benchmarkCells } from "./benchmark-cells.js";
import { type CsvCell, quoted } from "./csv-cell.js";

/**
 * The report as CSV: three header rows, then a row per benchmark; lines end in CRLF. Columns of all benchmarks are
 * united, in the order of first sight within their group; cells a benchmark does not have are empty.
 */
export function csvText(report: ReportDocument): string {
  const rows = report.benchmarks.map((benchmark) => benchmarkCells(report, benchmark));
  const columns = unite(rows);
  if (columns.length === 0) return "";
  const headers = [
    columns.map((column) => column.group),
    columns.map((column) => column.field),
    columns.map((column) => column.third),
  ];
  const body = rows.map((cells) => {
    const values = new Map(cells.map((cell) => [keyOf(cell), cell.value]));
    return columns.map((column) => values.get(keyOf(column)) ?? "");
  });
  return [...headers, ...body].map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

/** All columns, groups kept together (GuideLLM splits them when a later benchmark adds columns). */
function unite(rows: readonly (readonly CsvCell[])[]): readonly CsvCell[] {
  const groups = new Map<string, Map<string, CsvCell>>();
  for (const cell of rows.flat()) {
    const group = groups.get(cell.group) ?? new Map<string, CsvCell>();
    groups.set(cell.group, group);
    if (!group.has(keyOf(cell))) group.set(keyOf(cell), cell);
  }
  return [...groups.values()].flatMap((group) => [...group.values()]);
}

function keyOf(cell: CsvCell): string {
  return JSON.stringify([cell.group, cell.field, cell.third]);
}

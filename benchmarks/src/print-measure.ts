import type { Measure } from "./measures/measure.ts";

/** A figure of an earlier run; `NaN` when there is none. */
export type Earlier = (measure: Measure, row: string, column: number) => number;

/** Prints a measure as an aligned table; with an earlier run each figure is followed by that run's. */
export function printMeasure(measure: Measure, earlier: Earlier | null): void {
  const rows = measure.rows.map(({ name, figures, note }) => [
    name,
    ...figures.map((figure, column) => {
      const before = earlier === null ? "" : ` (${figureText(earlier(measure, name, column))})`;
      return `${figureText(figure)}${before}`;
    }),
    ...(note === undefined ? [] : [note]),
  ]);
  const widths = measure.header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  console.log(`\n${[measure.title, line(measure.header), rule, ...rows.map(line)].join("\n")}`);
}

function figureText(figure: number | null): string {
  if (figure === null || Number.isNaN(figure)) return "-";
  if (Number.isInteger(figure)) return String(figure);
  return figure.toFixed(Math.abs(figure) >= 100 ? 0 : Math.abs(figure) >= 10 ? 1 : 3);
}

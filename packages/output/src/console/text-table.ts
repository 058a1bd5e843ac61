import { displayWidth } from "../display-width.js";

/** Columns under one common heading. */
export interface ColumnGroup {
  /** Empty for columns without a common heading. */
  readonly title: string;
  readonly columns: readonly string[];
}

/** A table for a terminal. Cells must be printable. */
export interface TextTable {
  readonly title: string;
  readonly groups: readonly ColumnGroup[];
  /** One text per column. */
  readonly rows: readonly (readonly string[])[];
  readonly footnote?: string;
}

/** Draws a table: the first column to the left, all others to the right; groups are separated by a bar. */
export function drawTable(table: TextTable): string {
  const names = table.groups.flatMap((group) => group.columns);
  const widths = names.map((name, at) =>
    Math.max(...[name, ...table.rows.map((row) => row[at] ?? "")].map(displayWidth)),
  );
  widenForTitles(table.groups, widths);
  const line = (cells: readonly string[]): string =>
    joinGroups(
      table.groups,
      cells.map((cell, at) => pad(cell, widths[at] ?? 0, at === 0)),
      " │ ",
      "  ",
    );
  const rule = joinGroups(
    table.groups,
    widths.map((width) => "─".repeat(width)),
    "─┼─",
    "──",
  );
  const titled = table.groups.some((group) => group.title !== "");
  return [
    table.title,
    ...(titled ? [titleLine(table.groups, widths)] : []),
    ` ${line(names)}`,
    `─${rule}─`,
    ...table.rows.map((row) => ` ${line(row)}`),
    ...(table.footnote === undefined ? [] : [` ${table.footnote}`]),
  ]
    .map((text) => text.trimEnd())
    .join("\n");
}

/** A group is at least as wide as its title. */
function widenForTitles(groups: readonly ColumnGroup[], widths: number[]): void {
  let first = 0;
  for (const group of groups) {
    const last = first + group.columns.length - 1;
    const missing = displayWidth(group.title) - groupWidth(widths, first, group.columns.length);
    if (missing > 0) widths[last] = (widths[last] ?? 0) + missing;
    first = last + 1;
  }
}

function groupWidth(widths: readonly number[], first: number, count: number): number {
  return widths.slice(first, first + count).reduce((sum, width) => sum + width, 0) + 2 * (count - 1);
}

function titleLine(groups: readonly ColumnGroup[], widths: readonly number[]): string {
  let first = 0;
  const titles = groups.map((group) => {
    const width = groupWidth(widths, first, group.columns.length);
    first += group.columns.length;
    return pad(group.title, width, true);
  });
  return ` ${titles.join(" │ ")}`;
}

function joinGroups(groups: readonly ColumnGroup[], cells: readonly string[], between: string, within: string): string {
  let first = 0;
  return groups
    .map((group) => {
      const own = cells.slice(first, first + group.columns.length);
      first += group.columns.length;
      return own.join(within);
    })
    .join(between);
}

function pad(text: string, width: number, left: boolean): string {
  const space = " ".repeat(Math.max(0, width - displayWidth(text)));
  return left ? text + space : space + text;
}

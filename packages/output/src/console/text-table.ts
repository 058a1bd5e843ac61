import { displayWidth } from "../display-width.js";

/** Columns under one common heading. */
export interface ColumnGroup {
  /** Empty for columns without a common heading; may have several lines. */
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

/** Digits with what may stand around them in a cell that is read from the right. */
const NUMBER_LIKE = /^[\d.,:%±*+\s-]*$/;

interface Column {
  readonly width: number;
  readonly isText: boolean;
}

/** Draws a table: text to the left, numbers to the right; groups are separated by a bar. */
export function drawTable(table: TextTable): string {
  const columns = columnsOf(table);
  const line = (cells: readonly string[]): string =>
    joinGroups(
      table.groups,
      cells.map((cell, at) => pad(cell, columns[at])),
      " │ ",
      "  ",
    );
  const rule = joinGroups(
    table.groups,
    columns.map(({ width }) => "─".repeat(width)),
    "─┼─",
    "──",
  );
  const titled = table.groups.some((group) => group.title !== "");
  return [
    table.title,
    ...(titled ? titleLines(table.groups, columns) : []),
    ` ${line(table.groups.flatMap((group) => group.columns))}`,
    `─${rule}─`,
    ...table.rows.map((row) => ` ${line(row)}`),
    ...(table.footnote === undefined ? [] : [` ${table.footnote}`]),
  ]
    .map((text) => text.trimEnd())
    .join("\n");
}

/** Columns of a terminal that a table takes, its title and footnote aside. */
export function widthOf(table: TextTable): number {
  const columns = columnsOf(table);
  const inner = columns.reduce((sum, { width }) => sum + width, 0);
  const between = table.groups.reduce((sum, group) => sum + 2 * (group.columns.length - 1), 0);
  return inner + between + 3 * (table.groups.length - 1) + 2;
}

function columnsOf(table: TextTable): readonly Column[] {
  const names = table.groups.flatMap((group) => group.columns);
  const cells = (at: number): readonly string[] => table.rows.map((row) => row[at] ?? "");
  const widths = names.map((name, at) => Math.max(...[name, ...cells(at)].map(displayWidth)));
  widenForTitles(table.groups, widths);
  return widths.map((width, at) => ({ width, isText: !cells(at).every((cell) => NUMBER_LIKE.test(cell)) }));
}

/** A group is at least as wide as its title. */
function widenForTitles(groups: readonly ColumnGroup[], widths: number[]): void {
  let first = 0;
  for (const group of groups) {
    const last = first + group.columns.length - 1;
    const own = widths.slice(first, last + 1);
    const missing = Math.max(...group.title.split("\n").map(displayWidth)) - groupWidth(own);
    if (missing > 0) widths[last] = (widths[last] ?? 0) + missing;
    first = last + 1;
  }
}

function groupWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
}

function titleLines(groups: readonly ColumnGroup[], columns: readonly Column[]): string[] {
  let first = 0;
  const titles = groups.map(({ title, columns: names }) => {
    const own = columns.slice(first, first + names.length);
    first += names.length;
    return { lines: title.split("\n"), width: groupWidth(own.map(({ width }) => width)), isText: true };
  });
  const most = Math.max(...titles.map(({ lines }) => lines.length));
  const lineAt = (at: number): string => titles.map((title) => pad(title.lines[at] ?? "", title)).join(" │ ");
  return Array.from({ length: most }, (_, at) => ` ${lineAt(at)}`);
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

function pad(text: string, column: Column | undefined): string {
  const space = " ".repeat(Math.max(0, (column?.width ?? 0) - displayWidth(text)));
  return column?.isText === true ? text + space : space + text;
}

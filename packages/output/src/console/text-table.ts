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
    ...(titled ? [titleLine(table.groups, columns)] : []),
    ` ${line(table.groups.flatMap((group) => group.columns))}`,
    `─${rule}─`,
    ...table.rows.map((row) => ` ${line(row)}`),
    ...(table.footnote === undefined ? [] : [` ${table.footnote}`]),
  ]
    .map((text) => text.trimEnd())
    .join("\n");
}

/**
 * Splits a table that is wider than a terminal. Every part begins with the first group and holds as many of the others as
 * fit, at least one: a table of one wide column stays as it is.
 *
 * @param width - Columns of the terminal.
 */
export function fitTable(table: TextTable, width: number): readonly TextTable[] {
  const [first, ...others] = table.groups.map((group, at) => ({ group, at }));
  if (first === undefined) return [table];
  const parts: (typeof others)[] = [];
  for (const next of others) {
    const part = parts.at(-1);
    const wider = [...(part ?? []), next];
    if (part !== undefined && widthOf(selectGroups(table, [first, ...wider])) <= width) part.push(next);
    else parts.push([next]);
  }
  return parts.map((part, at) => ({
    ...selectGroups(table, [first, ...part]),
    title: at === 0 ? table.title : `${table.title}, continued`,
    ...(table.footnote !== undefined && at === parts.length - 1 ? { footnote: table.footnote } : {}),
  }));
}

/** The table with some of its groups, without footnote. */
function selectGroups({ title, groups, rows }: TextTable, chosen: readonly { readonly at: number }[]): TextTable {
  const firstColumn = (at: number): number => groups.slice(0, at).reduce((sum, { columns }) => sum + columns.length, 0);
  const cells = (row: readonly string[], at: number): readonly string[] =>
    row.slice(firstColumn(at), firstColumn(at + 1));
  return {
    title,
    groups: groups.filter((_, at) => chosen.some((group) => group.at === at)),
    rows: rows.map((row) => chosen.flatMap(({ at }) => cells(row, at))),
  };
}

function widthOf(table: TextTable): number {
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
    const missing = displayWidth(group.title) - groupWidth(own);
    if (missing > 0) widths[last] = (widths[last] ?? 0) + missing;
    first = last + 1;
  }
}

function groupWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
}

function titleLine(groups: readonly ColumnGroup[], columns: readonly Column[]): string {
  let first = 0;
  const titles = groups.map((group) => {
    const own = columns.slice(first, first + group.columns.length);
    first += group.columns.length;
    return pad(group.title, { width: groupWidth(own.map(({ width }) => width)), isText: true });
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

function pad(text: string, column: Column | undefined): string {
  const space = " ".repeat(Math.max(0, (column?.width ?? 0) - displayWidth(text)));
  return column?.isText === true ? text + space : space + text;
}

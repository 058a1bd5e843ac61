import { NO_VALUE } from "./number-text.js";
import type { ColumnGroup, TextTable } from "./text-table.js";

/**
 * The table without the columns that have a value in no row: a vector has no first token, and a column of dashes would
 * say that it was not measured. Null when nothing but the first column, the label, is left.
 */
export function dropEmptyColumns(table: TextTable): TextTable | null {
  const width = table.groups.reduce((sum, { columns }) => sum + columns.length, 0);
  const isKept = Array.from({ length: width }, (_, at) => at === 0 || table.rows.some((row) => row[at] !== NO_VALUE));
  if (!isKept.includes(true, 1)) return null;
  let at = 0;
  const groups = table.groups
    .map(({ title, columns }): ColumnGroup => ({ title, columns: columns.filter(() => isKept[at++]) }))
    .filter(({ columns }) => columns.length > 0);
  return { ...table, groups, rows: table.rows.map((row) => row.filter((_, column) => isKept[column])) };
}

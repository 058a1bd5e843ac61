import type { DataRow, DataSource } from "../source/data-source.js";

/** A source over rows that are already in memory; every epoch reads the same rows. */
export function createTableSource(name: string, rows: readonly DataRow[]): DataSource {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { name, columns, rowCount: rows.length, row: (index) => rows[index] ?? {} };
}

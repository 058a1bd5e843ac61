import { parse } from "csv-parse/sync";
import type { DataRow, DataSource } from "../source/data-source.js";
import { invalidFile, readDataFile } from "./read-data-file.js";
import { createTableSource } from "./table-source.js";

/**
 * Opens a comma separated file with a header row. Every cell stays text: mapped columns convert what they need.
 *
 * @param delimiter - Text between cells; `\t` (both signs) is a tab.
 * @throws {DataError} CORE_DATA_FILE_NOT_FOUND; CORE_DATA_FILE_INVALID with the line.
 */
export async function openCsvFile(path: string, delimiter: string): Promise<DataSource> {
  const text = await readDataFile("csv_file", path, [".csv"]);
  try {
    const rows = parse(text, {
      columns: (header: readonly string[]) => readHeader(header),
      skip_empty_lines: true,
      delimiter: delimiter === "\\t" ? "\t" : delimiter,
    }) as DataRow[];
    return createTableSource(path, rows);
  } catch (cause) {
    throw invalidFile(path, (cause as Error).message, cause);
  }
}

function readHeader(header: readonly string[]): string[] {
  const names = header.map((name) => name.trim());
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new Error(`the column "${twice}" stands twice in line 1`);
  return names;
}

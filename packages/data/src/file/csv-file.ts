import { parse } from "csv-parse/sync";
import type { DataRow, DataSource } from "../source/data-source.js";
import { invalidFile, readDataFile } from "./read-data-file.js";
import { createTableSource } from "./table-source.js";

/** Opens a comma separated file with a header row. Every cell stays text: mapped columns convert what they need. */
export async function openCsvFile(path: string, delimiter: string): Promise<DataSource> {
  const text = await readDataFile("csv_file", path, [".csv"]);
  try {
    const rows = parse(text, { columns: true, skip_empty_lines: true, delimiter }) as DataRow[];
    return createTableSource(path, rows);
  } catch (cause) {
    throw invalidFile(path, (cause as Error).message, cause);
  }
}

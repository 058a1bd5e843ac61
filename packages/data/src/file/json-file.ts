import { isMapping } from "@core/registry";
import type { DataRow, DataSource } from "../source/data-source.js";
import { invalidFile, readDataFile } from "./read-data-file.js";
import { createTableSource } from "./table-source.js";

/**
 * Opens JSON Lines, an array of objects, or one object of column arrays (or with one array of objects).
 *
 * @param field - Key under which the table stands, dots descend; null for the whole file.
 * @throws {DataError} CORE_DATA_FILE_NOT_FOUND; CORE_DATA_FILE_INVALID with the line or the row.
 */
export async function openJsonFile(path: string, field: string | null): Promise<DataSource> {
  const text = await readDataFile("json_file", path, [".json", ".jsonl"]);
  return createTableSource(path, toRows(path, parse(path, text, field !== null), field));
}

/** One value, or the values of the lines: a `.jsonl` file, or another one whose first line is a value of its own. */
function parse(path: string, text: string, isOneValue: boolean): unknown {
  const lines = text.split(/\r?\n/).flatMap((line, at) => (line.trim() === "" ? [] : [{ line, number: at + 1 }]));
  const [first, ...others] = lines;
  if (first === undefined) return [];
  const isLines = path.toLowerCase().endsWith(".jsonl") || (others.length > 0 && isJson(first.line));
  if (isLines && !isOneValue && !first.line.trimStart().startsWith("[")) {
    return lines.map(({ line, number }) => parseLine(path, line, number));
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidFile(path, (cause as Error).message, cause);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // the caller asks just this
  }
}

function parseLine(path: string, line: string, number: number): DataRow {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch (cause) {
    throw invalidFile(path, `line ${number}: ${(cause as Error).message}`, cause);
  }
  if (isMapping(row)) return row;
  throw invalidFile(path, `line ${number}: it is not an object`);
}

function toRows(path: string, parsed: unknown, field: string | null): readonly DataRow[] {
  let value = parsed;
  for (const key of field === null ? [] : field.split(".")) {
    value = isMapping(value) ? value[key] : undefined;
    if (value === undefined) throw invalidFile(path, `it has no field "${field}"`);
  }
  if (Array.isArray(value)) {
    const bad = value.findIndex((row) => !isMapping(row));
    if (bad >= 0) throw invalidFile(path, `row ${bad + 1} is not an object`);
    return value;
  }
  return columnsToRows(path, value);
}

function columnsToRows(path: string, value: unknown): readonly DataRow[] {
  if (!isMapping(value)) throw invalidFile(path, "it holds neither objects nor columns");
  const columns = Object.entries(value);
  const arrays = columns.filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  if (arrays.length === 0) return [value];
  const nested = arrays.length === 1 && arrays[0]?.[1].every(isMapping) ? arrays[0][1] : null;
  if (nested !== null) return nested as DataRow[];
  const length = arrays[0]?.[1].length ?? 0;
  if (arrays.length !== columns.length || arrays.some(([, cells]) => cells.length !== length)) {
    throw invalidFile(path, "its columns are not arrays of one length (name the table with load_kwargs.field)");
  }
  return Array.from({ length }, (_, row) => Object.fromEntries(arrays.map(([name, cells]) => [name, cells[row]])));
}

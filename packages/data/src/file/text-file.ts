import type { DataSource } from "../source/data-source.js";
import { readDataFile } from "./read-data-file.js";
import { createTableSource } from "./table-source.js";

/** Opens a text file: every line that is not blank is a row with the column `text`. */
export async function openTextFile(path: string): Promise<DataSource> {
  const text = await readDataFile("text_file", path, [".txt", ".text"]);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return createTableSource(
    path,
    lines.map((line) => ({ text: line })),
  );
}

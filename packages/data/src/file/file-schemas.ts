import { mappingField, textField, withDefault } from "@core/registry";
import * as v from "valibot";

const loadKwargs = withDefault(mappingField("Options of the reader: field (json_file), delimiter (csv_file)."), {});

/** JSON Lines, an array of objects, or an object of columns. */
export const JsonFileSchema = v.strictObject({
  kind: v.literal("json_file"),
  path: textField("File to read: .json or .jsonl."),
  load_kwargs: loadKwargs,
});

/** Comma separated values with a header row. */
export const CsvFileSchema = v.strictObject({
  kind: v.literal("csv_file"),
  path: textField("File to read: .csv."),
  load_kwargs: loadKwargs,
});

/** One prompt a line. */
export const TextFileSchema = v.strictObject({
  kind: v.literal("text_file"),
  path: textField("File to read: .txt or .text."),
  load_kwargs: loadKwargs,
});

import { readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import { DataError } from "../errors.js";

/**
 * Text of a data file without its byte order mark.
 *
 * @param suffixes - Suffixes that the kind reads, with their dots, lower case.
 * @throws {DataError} CORE_DATA_FILE_NOT_FOUND.
 */
export async function readDataFile(kind: string, path: string, suffixes: readonly string[]): Promise<string> {
  if (!suffixes.includes(extname(path).toLowerCase())) {
    throw notFound(
      `The data kind ${kind} reads ${suffixes.join(" and ")} files, not "${path}".`,
      "Rename the file or choose the kind that fits it.",
    );
  }
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw notFound(
      `The data file "${path}" does not exist.`,
      "Check the path; it is relative to the working directory.",
    );
  if (!found.isFile()) throw notFound(`The data path "${path}" is not a file.`, "Name a file.");
  return (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
}

/** The error for a file whose content does not parse. */
export function invalidFile(path: string, reason: string, cause?: unknown): DataError {
  return new DataError(`The data file "${path}" could not be read: ${reason}`, {
    code: "CORE_DATA_FILE_INVALID",
    cause,
  });
}

function notFound(message: string, hint: string): DataError {
  return new DataError(message, { code: "CORE_DATA_FILE_NOT_FOUND", hint });
}

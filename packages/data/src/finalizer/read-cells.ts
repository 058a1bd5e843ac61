import { isMapping, show } from "@core/registry";
import { DataError } from "../errors.js";

/**
 * Seconds in a cell; null when it is empty.
 *
 * @throws {DataError} CORE_DATA_BAD_ROW unless it is a finite number >= 0, or such a number as text.
 */
export function readSeconds(value: unknown, name: string): number | null {
  if (isEmptyCell(value)) return null;
  const number = readNumber(value);
  if (Number.isFinite(number) && number >= 0) return number;
  throw badRow(`${name} must be a number of seconds >= 0, got ${show(value)}`);
}

/**
 * A count in a cell; 0 when it is empty.
 *
 * @throws {DataError} CORE_DATA_BAD_ROW unless it is a whole number >= 0, or such a number as text.
 */
export function readCount(value: unknown, name: string): number {
  if (isEmptyCell(value)) return 0;
  const number = readNumber(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw badRow(`${name} must be a whole number >= 0, got ${show(value)}`);
}

/**
 * The body of a pooling request: an object with `data`, or JSON text of one.
 *
 * @throws {DataError} CORE_DATA_BAD_ROW for anything else.
 */
export function readPoolingBody(value: unknown): Readonly<Record<string, unknown>> {
  const body = typeof value === "string" ? parsed(value) : value;
  if (isMapping(body) && !isEmptyCell(body["data"])) return body;
  throw badRow(`the pooling column must hold an object with "data", got ${show(value)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // reported with the text
  }
}

/** Whether a cell holds nothing: absent, null or empty text (what a CSV file has for both). */
export function isEmptyCell(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}

/** The error for a row that cannot become requests. */
export function badRow(message: string): DataError {
  return new DataError(message, { code: "CORE_DATA_BAD_ROW" });
}

function readNumber(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

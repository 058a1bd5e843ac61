import { isMapping } from "@core/backend";

/** An object parsed from JSON of a server; nothing about its fields is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Lists and objects within each other that are kept; writers of JSON and of messages between threads recurse. */
const MOST_LEVELS = 100;

/** Whether a parsed value can be written again: the parser takes any depth, the writer overflows the stack. */
export function isWritable(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isWritable(inner, levels - 1));
}

/** The object in a text, null when it is not JSON or not an object. */
export function parseJsonObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isMapping(value) ? value : null;
  } catch {
    return null; // the caller reports it with the text
  }
}

/** The list in a text, null when it is not JSON or not a list. */
export function parseJsonList(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null; // the caller says what was expected
  }
}

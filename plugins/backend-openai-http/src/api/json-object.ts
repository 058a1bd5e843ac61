import { isMapping } from "@core/backend";

/** An object parsed from JSON of a server; nothing about its fields is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

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

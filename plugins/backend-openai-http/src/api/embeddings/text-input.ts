import type { JsonObject } from "../json-object.js";

/** `input` of a body: one text as it is, several as a list, no field for none. */
export function textInput(texts: readonly string[]): JsonObject {
  if (texts.length === 0) return {};
  return { input: texts.length === 1 ? texts[0] : texts };
}

/** How many inputs a server sees in `input`: a text, a list of texts, the token ids of one text, or lists of those. */
export function countInputs(input: unknown): number | null {
  if (typeof input === "string") return input === "" ? 0 : 1;
  if (!Array.isArray(input)) return null;
  return typeof input[0] === "number" ? 1 : input.length;
}

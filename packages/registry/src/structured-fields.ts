import { defineField, type Field, type Reading, show } from "./field.js";
import { boundsText, type NumberBounds, readInteger, readNumber } from "./scalar-fields.js";

/**
 * One number or a list of numbers, always read as a list in the given order. Text is tried as JSON. Zero, empty text and
 * an empty list are refused ("at least one value").
 */
export function numberListField(
  description: string,
  bounds: NumberBounds & { readonly integer?: boolean } = {},
): Field<readonly number[]> {
  const { integer = false, ...limits } = bounds;
  const item = { type: integer ? "integer" : "number", ...limits };
  const typeText = `${integer ? "int" : "number"} ${boundsText(limits)} or a list`.replace("  ", " ");
  const jsonSchema = { anyOf: [item, { type: "array", items: item, minItems: 1 }] };
  return defineField<readonly number[]>(description, { typeText, jsonSchema }, (input) =>
    readNumbers(input, integer, limits),
  );
}

/** A mapping with free keys; its values are not looked at. */
export function mappingField(description: string): Field<Readonly<Record<string, unknown>>> {
  return defineField<Readonly<Record<string, unknown>>>(
    description,
    { typeText: "mapping", jsonSchema: { type: "object" } },
    (input) => (isMapping(input) ? { value: input } : { problem: "must be a mapping" }),
  );
}

/** A list whose items are read by `item`; the first refused item is named. */
export function listField<T>(
  description: string,
  item: {
    readonly typeText: string;
    readonly jsonSchema: Readonly<Record<string, unknown>>;
    readonly read: (input: unknown) => Reading<T>;
  },
): Field<readonly T[]> {
  const metadata = { typeText: `list of ${item.typeText}`, jsonSchema: { type: "array", items: item.jsonSchema } };
  return defineField<readonly T[]>(description, metadata, (input) => {
    if (!Array.isArray(input)) return { problem: "must be a list" };
    const values: T[] = [];
    for (const [index, entry] of input.entries()) {
      const reading = item.read(entry);
      if ("problem" in reading) return { problem: `item ${index} ${reading.problem} (it is ${show(entry)})` };
      values.push(reading.value);
    }
    return { value: values };
  });
}

/** Tells whether a value is a plain mapping. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readNumbers(input: unknown, integer: boolean, bounds: NumberBounds): Reading<readonly number[]> {
  const given = typeof input === "string" ? parseJson(input) : input;
  if (
    given === 0 ||
    given === "" ||
    given === null ||
    given === false ||
    (Array.isArray(given) && given.length === 0)
  ) {
    return { problem: "requires at least one value" };
  }
  const values: number[] = [];
  for (const entry of Array.isArray(given) ? given : [given]) {
    const reading = integer ? readInteger(entry, bounds) : readNumber(entry, bounds);
    if ("problem" in reading) return reading;
    values.push(reading.value);
  }
  return { value: values };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // not JSON: judged as the text it is
  }
}

import { defineField, type Field, isMapping, type Reading } from "@core/registry";

/** Null when the text is neither JSON of a mapping nor pairs. */
function mappingOf(text: string): unknown {
  if (text.trimStart().startsWith("{")) return parsed(text);
  const pairs = text.split(",").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()] as const;
  });
  return pairs.some(([name]) => name === "") ? null : Object.fromEntries(pairs);
}

/** A mapping, given as such, as JSON text, or as `name=value,name=value`; null when it is none of them. */
export function readMapping(input: unknown): Readonly<Record<string, unknown>> | null {
  const given = typeof input === "string" ? mappingOf(input) : input;
  return isMapping(given) ? given : null;
}

/** A list of mappings; one alone, and JSON text of the list, are read too. */
export function mappingListField<T>(
  description: string,
  items: {
    readonly typeText: string;
    readonly required: readonly string[];
    readonly read: (input: unknown) => Reading<T>;
  },
): Field<readonly T[]> {
  const { typeText, required, read } = items;
  const jsonSchema = { type: "array", items: { type: "object", required } };
  return defineField(description, { typeText, jsonSchema }, (input) => {
    const given = typeof input === "string" && input.trimStart().startsWith("[") ? parsed(input) : input;
    const values: T[] = [];
    for (const [at, item] of (Array.isArray(given) ? given : [given]).entries()) {
      const reading = read(item);
      if ("problem" in reading) return { problem: `item ${at}: ${reading.problem}` };
      values.push(reading.value);
    }
    return { value: values };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the caller says what was expected
  }
}

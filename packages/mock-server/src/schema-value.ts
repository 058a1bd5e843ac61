type Schema = Readonly<Record<string, unknown>>;

const DEEPEST = 8;

/** JSON in pieces: the first opens a text, the last closes it, and any texts may come between. */
export interface SplitJson {
  readonly head: string;
  readonly tail: string;
}

/**
 * An object that fits a JSON Schema (the usual keywords: type, properties, required, enum, const, minimum, minItems,
 * items), as JSON that is open within its first text of free length; null when it has none.
 */
export function openObject(schema: unknown): SplitJson | null {
  const properties = objectOf(objectOf(schema)["properties"]);
  const open = Object.keys(properties).find((name) => isFreeText(properties[name]));
  if (open === undefined) return null;
  const { [open]: _open, ...others } = objectOf(fitting({ ...objectOf(schema), type: "object" }, 0));
  const rest = JSON.stringify(others).slice(1); // with its closing brace
  return { head: `{${JSON.stringify(open)}:"`, tail: `"${rest === "}" ? "" : ","}${rest}` };
}

/** A small object that fits a JSON Schema, as JSON. */
export function smallObject(schema: unknown): string {
  return JSON.stringify(objectOf(fitting({ ...objectOf(schema), type: "object" }, 0)));
}

function isFreeText(schema: unknown): boolean {
  const { type, const: only, enum: choices, pattern, format, maxLength } = objectOf(schema);
  return type === "string" && [only, choices, pattern, format, maxLength].every((limit) => limit === undefined);
}

function fitting(schema: Schema, depth: number): unknown {
  const { const: only, enum: choices, type } = schema;
  if (only !== undefined) return only;
  if (Array.isArray(choices) && choices.length > 0) return choices[0];
  if (depth > DEEPEST) return null;
  switch (Array.isArray(type) ? type[0] : type) {
    case "object":
      return filledObject(schema, depth);
    case "array":
      return Array.from({ length: numberOf(schema["minItems"]) }, () => fitting(objectOf(schema["items"]), depth + 1));
    case "integer":
    case "number":
      return numberOf(schema["minimum"]);
    case "boolean":
      return false;
    case "string":
      return "x".repeat(numberOf(schema["minLength"]));
    default:
      return null;
  }
}

function filledObject(schema: Schema, depth: number): unknown {
  const properties = objectOf(schema["properties"]);
  const required = Array.isArray(schema["required"]) ? (schema["required"] as readonly unknown[]) : [];
  return Object.fromEntries(
    required.map((name) => [String(name), fitting(objectOf(properties[String(name)]), depth + 1)]),
  );
}

function objectOf(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}

/** A count or bound within reason, else 0. */
function numberOf(value: unknown): number {
  return typeof value === "number" && Math.abs(value) <= 1000 ? value : 0;
}

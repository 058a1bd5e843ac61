import type { FieldMetadata } from "./field.js";
import { findContainer } from "./schema-shape.js";

/** One field of a kind, as help and documentation show it. */
export interface FieldDescription {
  readonly name: string;
  readonly typeText: string;
  readonly required: boolean;
  /** Value when left out; undefined when required. */
  readonly defaultValue: unknown;
  readonly description: string;
}

/** Fields of an object schema in order, without `kind`. */
export function describeFields(schema: unknown): readonly FieldDescription[] {
  return Object.entries(findContainer(schema)?.entries ?? {})
    .filter(([name]) => name !== "kind")
    .map(([name, field]) => ({ name, ...describeField(field) }));
}

interface SchemaLike {
  readonly type?: string;
  readonly wrapped?: unknown;
  readonly pipe?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly metadata?: { readonly field?: FieldMetadata };
}

function describeField(field: unknown): Omit<FieldDescription, "name"> {
  let current = field as SchemaLike | undefined;
  let required = true;
  let defaultValue: unknown;
  let typeText: string | undefined;
  let description = "";
  while (current !== undefined) {
    if (current.type === "optional" && required) {
      required = false;
      defaultValue = current.default ?? null;
    }
    for (const action of (current.pipe ?? []) as readonly SchemaLike[]) {
      if (action.type === "description") description ||= action.description ?? "";
      typeText ??= action.metadata?.field?.typeText;
    }
    if (current.wrapped === undefined && typeText === undefined) typeText = fallbackType(current);
    current = current.wrapped as SchemaLike | undefined;
  }
  return { typeText: typeText ?? "any", required, defaultValue, description };
}

function fallbackType(schema: SchemaLike): string {
  const type = schema.type ?? "any";
  return { strict_object: "mapping", object: "mapping", array: "list", string: "text", boolean: "bool" }[type] ?? type;
}

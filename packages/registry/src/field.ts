import * as v from "valibot";
import { isCredentialHeader } from "./mask-headers.js";
import { SECRET_MASK } from "./secret.js";

/** A field of args: its input and output have the same type; at run time it also accepts GuideLLM's loose spellings. */
export type Field<T> = v.GenericSchema<T, T>;

/** What help, documentation and JSON Schema say about a field. */
export interface FieldMetadata {
  /** Short type with bounds, for example `int > 0`. */
  readonly typeText: string;
  /** JSON Schema of the canonical spelling. */
  readonly jsonSchema: Readonly<Record<string, unknown>>;
}

/**
 * Result of reading one value: the value, or why it was refused ("must be ..."; what was given is added). `isSecret`
 * keeps what was given out of the message.
 */
export type Reading<T> = { readonly value: T } | { readonly problem: string; readonly isSecret?: boolean };

/**
 * Builds a field from a function that reads one value. The description is the single source for `--help`, the docs and
 * the JSON Schema.
 */
export function defineField<T>(
  description: string,
  metadata: FieldMetadata,
  read: (input: unknown) => Reading<T>,
): Field<T> {
  const schema = v.pipe(
    v.unknown(),
    // Before the transform: the JSON Schema of the input ends there.
    v.description(description),
    v.metadata({ field: metadata }),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const reading = read(dataset.value);
      if ("value" in reading) return reading.value;
      addIssue({ message: reading.isSecret ? reading.problem : `${reading.problem}, got ${show(dataset.value)}` });
      return NEVER;
    }),
  );
  return schema as unknown as Field<T>;
}

/** The field with a value for when it is left out. */
export function withDefault<T>(field: Field<T>, value: NoInfer<T>): v.OptionalSchema<Field<T>, T> {
  return v.optional(field, value as never) as unknown as v.OptionalSchema<Field<T>, T>;
}

/** The field, null when it is left out; null may also be given. */
export function nullable<T>(field: Field<T>): v.OptionalSchema<v.NullableSchema<Field<T>, undefined>, null> {
  return v.optional(v.nullable(field), null);
}

/** Value as it may stand in a message: JSON, at most 60 characters; text under names like `api_key` is masked. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value, maskCredential) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function maskCredential(name: string, value: unknown): unknown {
  return typeof value === "string" && isCredentialHeader(name) ? SECRET_MASK : value;
}

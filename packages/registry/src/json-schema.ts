import { toJsonSchema as convert, type JsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import type { FieldMetadata } from "./field.js";
import { findContainer } from "./schema-shape.js";

/** JSON Schema (draft-07 shape) of args: canonical spellings, descriptions and defaults. */
export function toJsonSchema(schema: v.GenericSchema): JsonSchema {
  return convert(skipRenaming(schema), {
    errorMode: "ignore",
    typeMode: "input",
    overrideAction: ({ valibotAction, jsonSchema }) => {
      const { metadata } = valibotAction as { readonly metadata?: { readonly field?: FieldMetadata } };
      if (metadata?.field === undefined) return undefined;
      const { field: _, ...rest } = jsonSchema as JsonSchema & { readonly field?: FieldMetadata };
      return { ...rest, ...metadata.field.jsonSchema } as JsonSchema;
    },
  });
}

/** The object schema of a pipe whose first steps only rename keys; any other schema as it is. */
function skipRenaming(schema: v.GenericSchema): v.GenericSchema {
  const { pipe } = schema as { readonly pipe?: readonly unknown[] };
  if (pipe === undefined || findContainer(pipe[0]) !== undefined) return schema;
  return (findContainer(schema) ?? schema) as v.GenericSchema;
}

import { toJsonSchema as convert, type JsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import type { FieldMetadata } from "./field.js";

/** JSON Schema (draft-07 shape) of args: canonical spellings, descriptions and defaults. */
export function toJsonSchema(schema: v.GenericSchema): JsonSchema {
  return convert(schema, {
    errorMode: "ignore",
    typeMode: "input",
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      const { pipe } = valibotSchema as {
        readonly pipe?: readonly { readonly metadata?: { readonly field?: FieldMetadata } }[];
      };
      const field = pipe?.find((action) => action.metadata?.field !== undefined)?.metadata?.field;
      return field === undefined ? undefined : ({ ...jsonSchema, ...field.jsonSchema } as JsonSchema);
    },
  });
}

import { describe, expect, test } from "@jest/globals";
import * as v from "valibot";
import { describeFields } from "./describe-fields.js";
import { nullable, withDefault } from "./field.js";
import { toJsonSchema } from "./json-schema.js";
import { integerField, numberField, textField } from "./scalar-fields.js";
import { secretField } from "./secret-field.js";
import { numberListField } from "./structured-fields.js";

const schema = v.strictObject({
  kind: v.literal("demo"),
  target: textField("Where to send."),
  size: withDefault(integerField("Steps.", { minimum: 2 }), 10),
  rate: nullable(numberListField("Requests per second.", { exclusiveMinimum: 0 })),
  api_key: nullable(secretField("The key.")),
  nested: v.optional(v.pipe(v.strictObject({ share: numberField("A share.") }), v.description("Parts of it.")), {
    share: 0.5,
  }),
});

describe("describeFields", () => {
  test("lists type, default and description of every field but kind", () => {
    expect(describeFields(schema)).toEqual([
      { name: "target", typeText: "text", required: true, defaultValue: undefined, description: "Where to send." },
      { name: "size", typeText: "int >= 2", required: false, defaultValue: 10, description: "Steps." },
      {
        name: "rate",
        typeText: "number > 0 or a list",
        required: false,
        defaultValue: null,
        description: "Requests per second.",
      },
      {
        name: "api_key",
        typeText: "text, {env: NAME} or {file: PATH}",
        required: false,
        defaultValue: null,
        description: "The key.",
      },
      {
        name: "nested",
        typeText: "mapping",
        required: false,
        defaultValue: { share: 0.5 },
        description: "Parts of it.",
      },
    ]);
  });
});

test("a step that renames keys does not hide the fields", () => {
  const renamed = v.pipe(
    v.unknown(),
    v.transform((input) => input as v.InferInput<typeof schema>),
    schema,
    v.check(() => true),
  );
  expect(describeFields(renamed)).toEqual(describeFields(schema));
  expect(toJsonSchema(renamed)).toEqual(toJsonSchema(schema));
});

describe("toJsonSchema", () => {
  test("shows canonical spellings, bounds, defaults and descriptions", () => {
    expect(toJsonSchema(schema)).toMatchObject({
      type: "object",
      required: ["kind", "target"],
      additionalProperties: false,
      properties: {
        kind: { const: "demo" },
        target: { type: "string", description: "Where to send." },
        size: { type: "integer", minimum: 2, default: 10, description: "Steps." },
        nested: { type: "object", properties: { share: { type: "number" } } },
      },
    });
    expect(JSON.stringify(toJsonSchema(schema))).not.toContain("typeText");
  });
});

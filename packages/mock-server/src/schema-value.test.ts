import { describe, expect, test } from "@jest/globals";
import { openObject, smallObject } from "./schema-value.js";

const object = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
});

test.each<[unknown, unknown]>([
  [undefined, {}],
  ["text", {}],
  [
    object({ a: { type: "integer", minimum: 3 }, b: { type: "boolean" }, c: { type: "null" } }),
    { a: 3, b: false, c: null },
  ],
  [object({ a: { enum: ["x", "y"] }, b: { const: 7 } }), { a: "x", b: 7 }],
  [object({ a: { type: "array", items: { type: "number" }, minItems: 2 } }), { a: [0, 0] }],
  [object({ a: object({ b: { type: ["string", "null"], minLength: 2 } }) }), { a: { b: "xx" } }],
  [object({ a: { type: "string" }, b: { type: "string" } }, ["b"]), { b: "" }],
  [
    { properties: { a: { minItems: 1e9 } }, required: ["a", "b"] },
    { a: null, b: null },
  ],
])("the small object for %j", (schema, expected) => {
  expect(JSON.parse(smallObject(schema))).toEqual(expected);
});

describe("an open object", () => {
  test.each<[unknown, unknown]>([
    [object({ city: { type: "string" } }), { city: "any text" }],
    [object({ n: { type: "integer" }, q: { type: "string" }, s: { type: "string" } }), { q: "any text", n: 0, s: "" }],
    [object({ 'a"b': { type: "string" } }), { 'a"b': "any text" }],
  ])("for %j takes a text", (schema, expected) => {
    const open = openObject(schema);
    expect(JSON.parse(`${open?.head}any text${open?.tail}`)).toEqual(expected);
  });

  test.each([{}, object({ a: { type: "integer" } }), object({ a: { type: "string", enum: ["x"] } })])(
    "does not exist for %j",
    (schema) => {
      expect(openObject(schema)).toBeNull();
    },
  );

  test("a schema that contains itself ends", () => {
    const schema = object({}) as Record<string, unknown>;
    schema["properties"] = { self: schema };
    schema["required"] = ["self"];
    expect(smallObject(schema).length).toBeLessThan(1000);
  });
});

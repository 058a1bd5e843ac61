import { describe, expect, test } from "@jest/globals";
import * as v from "valibot";
import { readInteger } from "./scalar-fields.js";
import { listField, mappingField, numberListField } from "./structured-fields.js";

function read(field: v.GenericSchema, input: unknown): unknown {
  const result = v.safeParse(field, input);
  return result.success ? result.output : result.issues[0]?.message;
}

describe("numberListField", () => {
  const field = numberListField("Rates.", { exclusiveMinimum: 0 });

  test.each<[unknown, readonly number[]]>([
    [5, [5]],
    ["5", [5]],
    ["[1, 2.5]", [1, 2.5]],
    [
      ["3", 1],
      [3, 1],
    ],
  ])("reads %p as %p", (input, value) => expect(read(field, input)).toEqual(value));

  test.each([0, "0", "", null, false, [], "[]"])("%p gives no value", (input) =>
    expect(read(field, input)).toMatch(/requires at least one value/),
  );

  test.each([-1, [1, -1], "[1, 0]"])("%p is out of bounds", (input) =>
    expect(read(field, input)).toMatch(/must be > 0/),
  );

  test.each(["1,2", "fast", [Number.NaN], [null], {}])("%p holds no numbers", (input) =>
    expect(read(field, input)).toMatch(/must be a finite number/),
  );

  test("whole numbers only, when asked", () => {
    expect(read(numberListField("Streams.", { integer: true }), [1, 1.5])).toMatch(/must be a whole number/);
  });
});

test("listField names the item that is refused", () => {
  const item = { typeText: "int", jsonSchema: { type: "integer" }, read: (input: unknown) => readInteger(input, {}) };
  const field = listField("Sizes.", item);
  expect(read(field, ["1", 2])).toEqual([1, 2]);
  expect(read(field, [1, "x"])).toMatch(/item 1 must be a whole number/);
  expect(read(field, 1)).toMatch(/must be a list/);
});

test("mappingField takes mappings only", () => {
  expect(read(mappingField("m"), { a: 1 })).toEqual({ a: 1 });
  for (const input of [null, [], "x", 1]) expect(read(mappingField("m"), input)).toMatch(/must be a mapping/);
});

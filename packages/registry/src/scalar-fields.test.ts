import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import * as v from "valibot";
import type { Field } from "./field.js";
import { booleanField, choiceField, integerField, numberField, textField } from "./scalar-fields.js";

function read<T>(field: Field<T>, input: unknown): T | string {
  const result = v.safeParse(field, input);
  return result.success ? result.output : (result.issues[0]?.message ?? "");
}

describe("integerField", () => {
  const field = integerField("n");

  test.each([
    [5, 5],
    ["5", 5],
    [" 5 ", 5],
    [5.0, 5],
    ["5.0", 5],
    ["-3", -3],
    ["1e3", 1000],
  ])("reads %p as %p", (input, value) => expect(read(field, input)).toBe(value));

  test.each([
    5.5,
    "5.5",
    "",
    "five",
    "0x10",
    null,
    true,
    [5],
    {},
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "NaN",
    "Infinity",
  ])("refuses %p", (input) => expect(read(field, input)).toMatch(/^must be a whole number, got /));

  test("refuses what is not exact", () => {
    expect(read(field, 2 ** 53)).toMatch(/must be a whole number/);
  });
});

describe("numberField", () => {
  test("reads any finite number back from its text", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(read(numberField("x"), String(value))).toBe(value === 0 ? Number(String(value)) : value);
      }),
    );
  });

  test("never gives anything but a finite number within its bounds", () => {
    const field = numberField("x", { exclusiveMinimum: 0, maximum: 1 });
    fc.assert(
      fc.property(fc.anything(), (input) => {
        const result = v.safeParse(field, input);
        if (result.success) expect(result.output > 0 && result.output <= 1).toBe(true);
      }),
    );
  });

  test.each([
    [{ minimum: 2 }, 1, "must be >= 2, got 1"],
    [{ exclusiveMinimum: 0 }, 0, "must be > 0, got 0"],
    [{ maximum: 1 }, "2", 'must be <= 1, got "2"'],
    [{ exclusiveMaximum: 1 }, 1, "must be < 1, got 1"],
  ])("with %p refuses %p", (bounds, input, message) => expect(read(numberField("x", bounds), input)).toBe(message));
});

describe("booleanField", () => {
  const field = booleanField("b");

  test.each([true, "true", "yes", "on", "t", "y", "1", 1, "YES", "On"])("reads %p as true", (input) =>
    expect(read(field, input)).toBe(true),
  );

  test.each([false, "false", "no", "off", "f", "n", "0", 0, "NO"])("reads %p as false", (input) =>
    expect(read(field, input)).toBe(false),
  );

  test.each([2, "maybe", "", null, []])("refuses %p", (input) => expect(read(field, input)).toMatch(/true or false/));
});

describe("textField and choiceField", () => {
  test("a number is not text", () => {
    expect(read(textField("t"), 123)).toBe("must be text (put it in quotes), got 123");
    expect(read(textField("t"), "123")).toBe("123");
  });

  test("a choice is one of its texts, exactly", () => {
    const field = choiceField("c", ["a", "b"]);
    expect(read(field, "a")).toBe("a");
    expect(read(field, "A")).toBe('must be one of a, b, got "A"');
  });
});

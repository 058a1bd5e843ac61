import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { printable } from "./printable.js";

test.each([
  ["plain text", "plain text"],
  ["two\r\nlines\t and  blanks ", "two lines and blanks"],
  ["\u001b[31mred\u001b[0m", "<U+1B>[31mred<U+1B>[0m"],
  ["bell\u0007", "bell<U+7>"],
  ["abc\u202etxt", "abc<U+202E>txt"],
  ["日本語 é", "日本語 é"],
])("%j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("long text ends in an ellipsis", () => {
  expect(printable("abcdef", 4)).toBe("abc…");
  expect(printable("abcd", 4)).toBe("abcd");
});

test("nothing that a terminal obeys is left in any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(printable(text, 50))),
  );
});

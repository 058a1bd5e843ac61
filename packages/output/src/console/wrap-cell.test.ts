import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { displayWidth } from "../display-width.js";
import { wrapCell } from "./wrap-cell.js";

test.each([
  ["two words", 20, ["two words"]],
  ["two words", 9, ["two words"]],
  ["two words", 8, ["two", "words"]],
  ["a longword b", 4, ["a", "long", "word", "b"]],
  ["日本語の文", 5, ["日本", "語の", "文"]],
  ["", 5, [""]],
])("%j in %d columns", (text, width, lines) => {
  expect(wrapCell(text, width)).toEqual(lines);
});

test("lines are no wider than asked and lose nothing but blanks", () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom("a", "é", "語", "𠮷") }), { maxLength: 8 });
  fc.assert(
    fc.property(words, fc.integer({ min: 2, max: 12 }), (given, width) => {
      const lines = wrapCell(given.join(" "), width);
      expect(lines.join("").replaceAll(" ", "")).toBe(given.join(""));
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }),
  );
});

test("a character that is wider than the column does not keep it from ending", () => {
  expect(wrapCell("語語", 1)).toEqual(["語", "語"]);
});

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { cutToWidth, displayWidth } from "./display-width.js";

test.each([
  ["", 0],
  ["abc ±│━", 7],
  ["日本語", 6],
  ["한국어", 6],
  ["かな カナ", 9],
  ["ＡＢ", 4],
  ["ｱｲ", 2],
  ["𠮷野家", 6],
  ["e\u0301", 1],
  ["\u1112\u1161\u11AB", 2],
  ["👍", 2],
  ["©", 1],
])("%j takes %d columns", (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test.each([
  ["abc", 2, "ab"],
  ["日本", 3, "日"],
  ["日本", 1, ""],
  ["𠮷a", 2, "𠮷"],
  ["e\u0301a", 1, "e\u0301"],
  ["abc", 9, "abc"],
  ["abc", 0, ""],
  ["abc", -1, ""],
])("%j cut to %d columns is %j", (text, width, cut) => {
  expect(cutToWidth(text, width)).toBe(cut);
});

test("a cut text is the longest beginning that fits", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "語", "𠮷") });
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 20 }), (given, width) => {
      const cut = cutToWidth(given, width);
      const [next = ""] = given.slice(cut.length);
      expect(given.startsWith(cut) && displayWidth(cut) <= width).toBe(true);
      if (cut !== given)
        expect(displayWidth(cut + (given.slice(cut.length).match(/^./u)?.[0] ?? next))).toBeGreaterThan(width);
    }),
  );
});

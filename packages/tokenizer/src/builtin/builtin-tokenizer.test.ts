import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BuiltinTokenizer } from "./builtin-tokenizer.js";

const tokenizer = new BuiltinTokenizer();

describe("BuiltinTokenizer", () => {
  test("restores any text", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 60 });
    fc.assert(fc.property(text, (given) => tokenizer.decode(tokenizer.encode(given)) === given));
  });

  test("counts what it encodes", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc.string({ unit: "binary-ascii", maxLength: 80 }),
      fc.string({ unit: fc.constantFrom("a", "1", " ", "\n", "-", "é"), maxLength: 80 }),
      fc.lorem(),
    );
    fc.assert(fc.property(text, (given) => tokenizer.count(given) === tokenizer.encode(given).length));
  });

  test.each([
    ["", 0],
    ["people", 1],
    [" people", 1],
    ["the people of", 3],
    ["benchmark", 2],
    ["1234", 2],
    ["a, b", 3],
    ["  ", 1],
  ])("%j is %d tokens", (text, expected) => {
    expect(tokenizer.count(text)).toBe(expected);
  });

  test("cutting anywhere keeps what is before the cut", () => {
    const ids = tokenizer.encode("The quick brown fox, 1234 times");
    expect(tokenizer.decode(ids.slice(0, 3))).toBe("The quick brown");
  });
});

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { countTokens } from "./count-tokens.js";
import { tokensText } from "./reply-text.js";

test.each([
  ["", 0],
  ["  \n\t ", 0],
  ["hello", 1],
  ["  two\twords \n", 2],
  ["a\u00a0b\u2028c", 3],
  ["語語", 1],
])("%j counts %i", (text, count) => {
  expect(countTokens(text)).toBe(count);
});

test("a reply of n tokens counts n tokens as a prompt", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(300), fc.nat(300), (ordinal, first, count) => {
      expect(countTokens(tokensText(ordinal, first, count, 0))).toBe(count);
    }),
  );
});

test("every k-th token is empty", () => {
  expect(tokensText(0, 0, 6, 3)).toBe(" the of to in");
  expect([0, 1, 2].map((index) => tokensText(5, index, 1, 1))).toEqual(["", "", ""]);
});

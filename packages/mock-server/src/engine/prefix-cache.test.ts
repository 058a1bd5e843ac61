import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { countTokens } from "../count-tokens.js";
import { PrefixCache, type PromptPiece } from "./prefix-cache.js";

const words = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, index) => `w${from + index}`).join(" ");

function cacheOf(capacityTokens = 1000, blockTokens = 4) {
  const cache = new PrefixCache({ capacityTokens, blockTokens });
  const find = (...pieces: readonly PromptPiece[]) =>
    cache.find(
      pieces,
      pieces.reduce((sum: number, piece) => sum + (typeof piece === "string" ? countTokens(piece) : piece.length), 0),
    );
  return { cache, find };
}

test("whole blocks of the common beginning are found, but never the last token", () => {
  const { cache, find } = cacheOf();
  expect(find(words(10))).toBe(0);
  cache.add([words(10)]);
  expect([find(words(10)), find(words(9)), find(words(8)), find(words(3))]).toEqual([8, 8, 4, 0]);
  expect(find(`${words(6)} other ${words(20)}`)).toBe(4);
  expect(find(`first ${words(10)}`)).toBe(0);
  cache.reset();
  expect(find(words(10))).toBe(0);
});

test("it does not matter where one text ends and the next begins, only what the tokens are", () => {
  const { cache, find } = cacheOf();
  cache.add([words(5), words(7, 5)]);
  expect(find(words(3), words(9, 3), "and more")).toBe(12);
  expect(find(words(13).replace("w1 w2", "w1w2"))).toBe(0);
  cache.add([[1, 2, 3, 4, 5]]);
  expect([find([1, 2, 3, 4, 9]), find([1, 2, 34, 5, 9])]).toEqual([4, 0]);
});

test("the longest unused goes first, the end of a prompt before its beginning", () => {
  const { cache, find } = cacheOf(16, 4); // four blocks
  cache.add([words(8, 100)]);
  cache.add([words(8, 200)]);
  expect(find(words(9, 100))).toBe(8); // used again, so that the other is older
  cache.add([words(4, 300)]);
  expect([find(words(9, 100)), find(words(9, 200)), find(words(5, 300))]).toEqual([8, 4, 4]);
});

test("a prompt longer than the cache keeps its beginning", () => {
  const { cache, find } = cacheOf(16, 4);
  cache.add([words(100)]);
  expect(find(words(100))).toBe(16);
});

test("what is found is what two prompts share", () => {
  const prompt = fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(prompt, prompt, fc.integer({ min: 1, max: 8 }), (one, other, blockTokens) => {
      const { cache, find } = cacheOf(1000, blockTokens);
      cache.add([one.join(" ")]);
      let shared = 0;
      while (shared < Math.min(one.length, other.length - 1) && one[shared] === other[shared]) shared += 1;
      expect(find(other.join("\n"))).toBe(Math.floor(shared / blockTokens) * blockTokens);
    }),
  );
});

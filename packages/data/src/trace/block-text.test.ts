import { Tokenizer } from "@core/tokenizer";
import { expect, test } from "@jest/globals";
import { BlockText } from "./block-text.js";

/** Every character is a token: words are several, so that lengths are reached by cutting tokens. */
class CharacterTokenizer extends Tokenizer {
  override encode(text: string): number[] {
    return [...text].map((character) => character.codePointAt(0) ?? 0);
  }
  override decode(ids: readonly number[]): string {
    return String.fromCodePoint(...ids);
  }
}

test("a tokenizer without words of one token: lengths and shared prefixes hold all the same", () => {
  const blocks = new BlockText(new CharacterTokenizer(), "seed");
  const scope = { name: "a", size: 16 };
  const write = (numbers: readonly number[], to: number) =>
    blocks.write(numbers, scope, { from: 0, to, own: "x" }).text;
  expect([write([0, 1], 30).length, write([0, 1, 2], 40).length]).toEqual([30, 40]);
  expect(write([0, 2], 30).slice(0, 16)).toBe(write([0, 1], 30).slice(0, 16));
  expect(write([0, 1, 2], 40).startsWith(write([0, 1], 30))).toBe(true);
  expect(write([0, 1], 30).slice(16, 30)).not.toBe(write([0, 2], 30).slice(16, 30));
});

test("what no block covers is text of its own, and a part is cut out of the whole", () => {
  const blocks = new BlockText(new CharacterTokenizer(), "seed");
  const scope = { name: "a", size: 4 };
  const whole = (own: string) => blocks.write([0], scope, { from: 0, to: 20, own });
  expect(whole("x")).toEqual(whole("x"));
  expect(whole("x").text).not.toBe(whole("y").text);
  expect(blocks.write([0], scope, { from: 5, to: 20, own: "x" }).text).toBe(whole("x").text.slice(5));
});

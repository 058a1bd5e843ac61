import { createTokenizer, Tokenizer } from "@core/tokenizer";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { seededRandom } from "../seeded-random.js";
import { PromptWriter } from "./prompt-writer.js";
import { WORDS } from "./words.js";

const builtin = await createTokenizer({ kind: "builtin" });
const writer = new PromptWriter(builtin);

/** Every character is a token: no word is a single one. */
class CharacterTokenizer extends Tokenizer {
  override encode(text: string): number[] {
    return [...text].map((character) => character.codePointAt(0) ?? 0);
  }
  override decode(ids: readonly number[]): string {
    return String.fromCodePoint(...ids);
  }
}

/** Words come in pairs of two tokens each: odd lengths cannot be reached. */
class PairTokenizer extends Tokenizer {
  override encode(text: string): number[] {
    return text.split(" ").flatMap((word) => (word === "" ? [] : [0, 0]));
  }
  override decode(ids: readonly number[]): string {
    return Array.from({ length: Math.ceil(ids.length / 2) }, () => "word").join(" ");
  }
}

describe("PromptWriter", () => {
  test.each([1, 2, 3, 7, 8, 16, 31, 32, 128, 1000, 4096])("writes exactly %d tokens", (tokens) => {
    for (const marker of ["", "1 1 m0", "12 34567 m3 s2"]) {
      const written = writer.write(tokens, marker, seededRandom(tokens, marker));
      expect(builtin.encode(written.text)).toHaveLength(tokens);
      expect(written.tokenCount).toBe(tokens);
    }
  });

  test("writes exactly any number of tokens after any marker", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(), fc.nat(), fc.integer(), (tokens, epoch, index, seed) => {
        const { text, tokenCount } = writer.write(tokens, `${epoch} ${index} m0`, seededRandom(seed));
        expect(builtin.encode(text)).toHaveLength(tokens);
        expect(tokenCount).toBe(tokens);
      }),
    );
  });

  test("starts with the marker, so that no two texts share their beginning", () => {
    const { text } = writer.write(64, "1 42 m0", seededRandom(1));
    expect(text.startsWith("1 42 m0 ")).toBe(true);
    expect(text.slice("1 42 m0 ".length).split(" ").length).toBeGreaterThan(50);
  });

  test("no tokens are no text", () => {
    expect(writer.write(0, "", seededRandom(1))).toEqual({ text: "", tokenCount: 0 });
  });

  test("depends on the random numbers alone", () => {
    const text = (seed: number) => new PromptWriter(builtin).write(50, "m", seededRandom(seed)).text;
    expect(text(1)).toBe(text(1));
    expect(text(1)).not.toBe(text(2));
  });

  test("the words are many, differ, and are one token each with and without a blank", () => {
    expect(new Set(WORDS).size).toBe(WORDS.length);
    expect(WORDS.length).toBeGreaterThan(500);
    expect(WORDS.filter((word) => builtin.count(word) !== 1 || builtin.count(` ${word}`) !== 1)).toEqual([]);
  });

  test("reaches the length by repairing when no word is a single token", () => {
    const characters = new CharacterTokenizer();
    for (const tokens of [1, 5, 50, 333]) {
      const { text, tokenCount } = new PromptWriter(characters).write(tokens, "1 1 m0", seededRandom(tokens));
      expect(characters.encode(text)).toHaveLength(tokens);
      expect(tokenCount).toBe(tokens);
    }
  });

  test("tells the real length when the tokenizer cannot reach the one asked for", () => {
    const pairs = new PairTokenizer();
    const { text, tokenCount } = new PromptWriter(pairs).write(7, "", seededRandom(1));
    expect(tokenCount).toBe(pairs.encode(text).length);
    expect(tokenCount).toBe(8);
  });
});

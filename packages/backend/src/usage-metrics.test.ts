import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { measureText, totalTokens, UNKNOWN_USAGE } from "./usage-metrics.js";

describe("totalTokens", () => {
  test("is unknown when no modality is known, and not zero", () => {
    expect(totalTokens(UNKNOWN_USAGE)).toBeNull();
    expect(totalTokens({ ...UNKNOWN_USAGE, text_tokens: 0 })).toBe(0);
  });

  test("adds modalities, not parts of the text", () => {
    const usage = { ...UNKNOWN_USAGE, text_tokens: 5, cached_tokens: 2, reasoning_tokens: 3, tool_call_tokens: 1 };
    expect(totalTokens({ ...usage, image_tokens: 7, video_tokens: 1, audio_tokens: 2 })).toBe(15);
  });
});

describe("measureText", () => {
  test("no text is unknown, empty text is zero", () => {
    expect(measureText(null)).toEqual({ text_words: null, text_characters: null });
    expect(measureText("")).toEqual({ text_words: 0, text_characters: 0 });
    expect(measureText(" two  words\n")).toEqual({ text_words: 2, text_characters: 12 });
  });

  test("counts words as runs without white space", () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom("a", " ", "\n", "\u00a0", "\u2003", "\ufeff"), fc.string()),
    });
    fc.assert(
      fc.property(text, (given) => expect(measureText(given).text_words).toBe(given.match(/\S+/g)?.length ?? 0)),
    );
  });

  test("counts characters as code points", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) =>
        expect(measureText(text).text_characters).toBe([...text].length),
      ),
    );
  });
});

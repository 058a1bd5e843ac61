import { totalTokens } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import { readUsage } from "./read-usage.js";

describe("readUsage", () => {
  test("reads counts, cached and reasoning tokens", () => {
    const usage = readUsage({
      prompt_tokens: 200,
      completion_tokens: 50,
      prompt_tokens_details: { cached_tokens: 128 },
      completion_tokens_details: { reasoning_tokens: 30 },
    });
    expect(usage.input).toMatchObject({ text_tokens: 200, cached_tokens: 128, reasoning_tokens: null });
    expect(usage.output).toMatchObject({ text_tokens: 50, reasoning_tokens: 30, cached_tokens: null });
  });

  test("what is missing is unknown, not zero", () => {
    const usage = readUsage({ prompt_tokens: 3, prompt_tokens_details: null });
    expect(usage.input.text_tokens).toBe(3);
    expect(usage.output.text_tokens).toBeNull();
  });

  test("the tokens of media are not counted twice", () => {
    const { input } = readUsage({ prompt_tokens: 8, prompt_tokens_details: { audio_tokens: 3, seconds: 1.5 } });
    expect(input).toMatchObject({ text_tokens: 5, audio_tokens: 3, audio_seconds: 1.5 });
    expect(totalTokens(input)).toBe(8);
  });

  test("ignores what is no count", () => {
    expect(readUsage({ prompt_tokens: "8", completion_tokens: -1 }).input.text_tokens).toBeNull();
  });
});

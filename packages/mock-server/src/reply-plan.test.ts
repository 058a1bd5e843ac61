import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type MockServerOptionsInput, parseMockServerOptions } from "./mock-server-options.js";
import { planReply } from "./reply-plan.js";

const NO_LIMITS = { maxTokens: null, minTokens: 0, ignoreEos: false };

function plan(
  input: MockServerOptionsInput,
  ordinal = 0,
  limits: Partial<typeof NO_LIMITS | { maxTokens: number }> = {},
) {
  return planReply(parseMockServerOptions(input), ordinal, { ...NO_LIMITS, ...limits });
}

describe("planReply", () => {
  test("token i is due at the time to the first token plus i gaps", () => {
    const { chunks } = plan({ ttft_ms: 7.5, itl_ms: 0.25, output_tokens: 5 });
    expect(chunks.map(({ offsetNs }) => offsetNs)).toEqual([7.5e6, 7.75e6, 8e6, 8.25e6, 8.5e6]);
  });

  test("several tokens per chunk: the first stands alone, the rest is due with its last token", () => {
    const { chunks } = plan({ ttft_ms: 10, itl_ms: 1, output_tokens: 8, tokens_per_chunk: 3 });
    expect(chunks).toEqual([
      { firstToken: 0, tokens: 1, offsetNs: 10e6 },
      { firstToken: 1, tokens: 3, offsetNs: 13e6 },
      { firstToken: 4, tokens: 3, offsetNs: 16e6 },
      { firstToken: 7, tokens: 1, offsetNs: 17e6 },
    ]);
  });

  test("for all options: the chunks hold all tokens in order and their instants never go back", () => {
    const options = fc.record({
      ...{
        seed: fc.nat(),
        tokens_per_chunk: fc.integer({ min: 1, max: 9 }),
        output_tokens: fc.integer({ min: 1, max: 60 }),
      },
      ...{ latency_model: fc.constantFrom("constant", "normal", "lognormal"), itl_ms_std: fc.nat(20) },
      ...{ output_tokens_std: fc.nat(50) },
    } as const);
    fc.assert(
      fc.property(options, fc.nat(1000), (given, ordinal) => {
        const { chunks, outputTokens } = plan(given, ordinal);
        let token = 0;
        let offsetNs = 0;
        for (const chunk of chunks) {
          expect(chunk.firstToken).toBe(token);
          expect(chunk.tokens).toBeGreaterThanOrEqual(1);
          expect(chunk.offsetNs).toBeGreaterThanOrEqual(offsetNs);
          token += chunk.tokens;
          offsetNs = chunk.offsetNs;
        }
        expect(token).toBe(outputTokens);
        expect(plan(given, ordinal)).toEqual(plan(given, ordinal));
      }),
    );
  });

  test.each([
    ["no limit", {}, 20, "stop"],
    ["a lower limit", { maxTokens: 5 }, 5, "length"],
    ["the very length as limit", { maxTokens: 20 }, 20, "length"],
    ["a higher limit", { maxTokens: 50 }, 20, "stop"],
    ["a higher limit and ignore_eos", { maxTokens: 50, ignoreEos: true }, 50, "length"],
    ["ignore_eos without a limit", { ignoreEos: true }, 20, "stop"],
    ["min_tokens", { maxTokens: 50, minTokens: 30 }, 30, "stop"],
  ] as const)("length with %s", (_, limits, outputTokens, finishReason) => {
    expect(plan({ output_tokens: 20 }, 0, limits)).toMatchObject({ outputTokens, finishReason });
  });

  test("lengths vary around their mean, at least one token", () => {
    const lengths = Array.from(
      { length: 4000 },
      (_, ordinal) => plan({ output_tokens: 30, output_tokens_std: 5 }, ordinal).outputTokens,
    );
    expect(lengths.reduce((sum, length) => sum + length, 0) / lengths.length).toBeCloseTo(30, 0);
    expect(new Set(lengths).size).toBeGreaterThan(20);
    const short = Array.from({ length: 200 }, (_, ordinal) =>
      plan({ output_tokens: 1, output_tokens_std: 9 }, ordinal),
    );
    expect(Math.min(...short.map(({ outputTokens }) => outputTokens))).toBe(1);
  });
});

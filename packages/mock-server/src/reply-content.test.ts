import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type MockServerOptionsInput, parseMockServerOptions } from "./mock-server-options.js";
import { ReplyContent } from "./reply-content.js";
import type { ToolWish } from "./tool-wish.js";

const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const WISH: ToolWish = {
  choice: "required",
  tools: [
    { name: "f", schema },
    { name: "g", schema: undefined },
  ],
};

function content(options: MockServerOptionsInput, outputTokens: number, more: object = {}): ReplyContent {
  const given = { options: parseMockServerOptions(options), ordinal: 3, outputTokens, tools: WISH };
  return new ReplyContent({ ...given, isPlain: false, interleaved: false, ...more });
}

test("for all options each token is in one span, and what the spans say is the whole reply", () => {
  const options = fc.record({
    ...{ reasoning_tokens: fc.nat(6), tool_text_tokens: fc.nat(6), tool_calls: fc.integer({ min: 1, max: 4 }) },
    ...{ empty_token_every: fc.constantFrom(0, 3), seed: fc.nat() },
  });
  const outputs = fc.integer({ min: 1, max: 40 });
  const choices = fc.constantFrom<ToolWish["choice"]>("required", "none", { name: "g" }, { name: "other" });
  fc.assert(
    fc.property(
      options,
      outputs,
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      choices,
      (given, tokens, step, interleaved, choice) => {
        const reply = content(given, tokens, { interleaved, tools: { ...WISH, choice } });
        const read = { reasoning: "", text: "", calls: reply.calls.map(() => "") };
        let begun = 0;
        for (let from = 0; from < tokens; from += step) {
          for (const span of reply.spans(from, Math.min(from + step, tokens))) {
            if (span.kind === "call") read.calls[span.call] += span.text;
            else read[span.kind] += span.text;
            if (span.beginsCall) begun += 1;
          }
        }
        expect(read).toEqual({
          reasoning: reply.reasoning,
          text: reply.text,
          calls: reply.calls.map(({ pieces }) => pieces.join("")),
        });
        expect(begun).toBe(reply.calls.length);
        for (const call of read.calls) expect(typeof JSON.parse(call)).toBe("object");
        const called = choice === "required" || (choice as { name?: string }).name === "g";
        expect(reply.calls.length > 0).toBe(called);
      },
    ),
  );
});

describe("calls", () => {
  test("share the tokens and call the tools in turn", () => {
    const { calls, text } = content({ tool_calls: 3, tool_text_tokens: 2 }, 15);
    expect(text).toBe(" said what");
    expect(calls.map(({ name, pieces }) => [name, pieces.length])).toEqual([
      ["f", 5],
      ["g", 4],
      ["f", 4],
    ]);
    expect(JSON.parse(calls[0]?.pieces.join("") ?? "")).toEqual({ city: " said what" });
    expect(calls[1]?.pieces).toEqual(["", "{}", " ", " "]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
  });

  test("are at least one, whatever else there is to say", () => {
    const { calls, text, reasoningTokens } = content({ tool_calls: 3, tool_text_tokens: 9, reasoning_tokens: 9 }, 1);
    expect([calls.length, text, reasoningTokens]).toEqual([1, "", 0]);
    expect(calls[0]?.pieces).toEqual(['{"city":""}']);
  });

  test("take turns where they are interleaved", () => {
    const reply = content({ tool_calls: 2 }, 6, { interleaved: true });
    expect(reply.spans(0, 6).map(({ call }) => call)).toEqual([0, 1, 0, 1, 0, 1]);
  });

  test("are made for the share of requests that the options give", () => {
    const share = (options: MockServerOptionsInput, choice: ToolWish["choice"]) =>
      Array.from({ length: 200 }, (_, ordinal) => content(options, 8, { ordinal, tools: { ...WISH, choice } })).filter(
        ({ calls }) => calls.length > 0,
      ).length;
    expect(share({}, "auto")).toBe(0);
    expect(share({ tool_call_rate: 1 }, "auto")).toBe(200);
    expect(share({ tool_call_missing_rate: 1 }, "required")).toBe(0);
    expect(share({ tool_call_rate: 1 }, "none")).toBe(0);
    const half = share({ tool_call_missing_rate: 0.5 }, { name: "f" });
    expect(half).toBeGreaterThan(70);
    expect(half).toBeLessThan(130);
  });
});

import { UNKNOWN_USAGE, type UsageMetrics } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { mergeUsage } from "./merged-usage.js";

const counters = Object.keys(UNKNOWN_USAGE) as (keyof UsageMetrics)[];
const side = fc
  .dictionary(fc.constantFrom(...counters), fc.nat(), { noNullPrototype: true })
  .map((known): UsageMetrics => ({ ...UNKNOWN_USAGE, ...known }));

describe("mergeUsage", () => {
  test("takes each counter from the preferred side, else from the other", () => {
    const sides = fc.record({ requestInput: side, requestOutput: side, responseInput: side, responseOutput: side });
    fc.assert(
      fc.property(sides, fc.boolean(), (given, preferResponse) => {
        const merged = mergeUsage({ ...given, preferResponse, completed: true, expectsToolCall: false });
        const rule = (request: UsageMetrics, response: UsageMetrics) =>
          Object.fromEntries(
            counters.map((name) => {
              const [winner, base] = preferResponse ? [response, request] : [request, response];
              return [name, winner[name] ?? base[name]];
            }),
          );
        expect(merged.input).toEqual(rule(given.requestInput, given.responseInput));
        expect(merged.output).toEqual(rule(given.requestOutput, given.responseOutput));
      }),
    );
  });

  test("what was expected of a request that did not complete does not count", () => {
    const requestOutput = { ...UNKNOWN_USAGE, text_tokens: 9 };
    const given = {
      preferResponse: true,
      requestInput: { ...UNKNOWN_USAGE, text_tokens: 4 },
      requestOutput,
      responseInput: null,
      responseOutput: null,
    };
    const cut = mergeUsage({ ...given, completed: false, expectsToolCall: true });
    expect(cut.output).toEqual({ ...UNKNOWN_USAGE, tool_call_count: 0 });
    expect(cut).toMatchObject({ input: { text_tokens: 4 }, outputEstimated: false });
    expect(mergeUsage({ ...given, completed: true, expectsToolCall: false })).toMatchObject({
      output: requestOutput,
      outputEstimated: true,
    });
  });
});

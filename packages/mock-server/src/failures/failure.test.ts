import { describe, expect, test } from "@jest/globals";
import { type MockServerOptionsInput, parseMockServerOptions } from "../mock-server-options.js";
import { planReply } from "../reply-plan.js";
import { seededRandom } from "../seeded-random.js";
import { chooseFailure } from "./choose-failure.js";
import { failureName, readFailure } from "./failure.js";
import { failureChunk } from "./failure-chunk.js";

const NONE = { rate: 1, status: null, retry_after: null, after_tokens: null, stall_ms: null };

describe("readFailure", () => {
  test.each([
    ["at=tokens,do=reset,after_tokens=3", { ...NONE, at: "tokens", do: "reset", after_tokens: 3 }],
    [
      '{"at":"headers","do":"status","status":429,"retry_after":2,"rate":0.5}',
      { ...NONE, at: "headers", do: "status", status: 429, retry_after: 2, rate: 0.5 },
    ],
    [
      { at: "end", do: "stall", stall_ms: 1.5 },
      { ...NONE, at: "end", do: "stall", stall_ms: 1.5 },
    ],
  ])("%j", (given, value) => {
    expect(readFailure(given)).toEqual({ value });
  });

  test.each([
    ["", "must be a mapping"],
    ["reset", "must be a mapping"],
    ["{", "must be a mapping"],
    [5, "must be a mapping"],
    ["at=tokens", "do"],
    ["at=nowhere,do=reset", "failure.at: must be one of connect, headers, tokens, end"],
    ["at=connect,do=error", "at connect one of reset, cut can happen, not error"],
    ["at=headers,do=status,status=200", "failure.status: must be >= 300"],
    ["at=end,do=cut,when=now", "failure.when: unknown key"],
  ])("refuses %j", (given, message) => {
    expect(readFailure(given)).toEqual({ problem: expect.stringContaining(message) });
  });
});

describe("options", () => {
  test("failures are a list, one alone, or the text of either", () => {
    const failure = { at: "end", do: "cut", rate: 0.5 } as const;
    const parsed = [{ ...NONE, ...failure }];
    for (const failures of [[failure], failure, JSON.stringify([failure]), "at=end,do=cut,rate=0.5"]) {
      expect(parseMockServerOptions({ failures }).failures).toEqual(parsed);
    }
  });

  test.each([
    [{ failures: "[" }, "failures: item 0: must be a mapping"],
    [{ failures: [{ at: "end", do: "cut" }, 5] }, "failures: item 1: must be a mapping"],
    [
      { error_rate: 0.6, failures: ["at=end,do=cut,rate=0.6"] },
      "error_rate, cut_rate, hang_rate and the rates of failures together must be <= 1",
    ],
  ])("%j is refused", (input, message) => {
    expect(() => parseMockServerOptions(input)).toThrow(message);
  });
});

describe("chooseFailure", () => {
  const choose = (input: MockServerOptionsInput, ordinal = 0, header?: string) =>
    chooseFailure(parseMockServerOptions(input), ordinal, {
      headers: header === undefined ? {} : { "x-mock-failure": header },
      incident: null,
    });

  test("failures come at their rates, the same ones for the same seed", () => {
    const options = {
      ...{ error_rate: 0.1, cut_rate: 0.2, hang_rate: 0.1 },
      failures: ["at=end,do=finish,rate=0.3", "at=connect,do=reset,rate=1"],
    };
    const counts = new Map<string, number>();
    for (let ordinal = 0; ordinal < 5000; ordinal += 1) {
      const failure = choose(options, ordinal);
      const name = failure === null ? "none" : failureName(failure);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      expect(choose(options, ordinal)).toEqual(failure);
    }
    const shares = Object.fromEntries([...counts].map(([name, count]) => [name, Math.round((count / 5000) * 10) / 10]));
    expect(shares).toEqual({
      ...{ "headers:status": 0.1, "tokens:cut": 0.2, "headers:stall": 0.1, "end:finish": 0.3, none: 0.3 },
    });
  });

  test("the header of a request says it alone", () => {
    expect(choose({ error_rate: 1 }, 0, "none")).toBeNull();
    expect(choose({}, 0, "at=end,do=cut")).toEqual({ ...NONE, at: "end", do: "cut" });
    expect(() => choose({}, 0, "at=end")).toThrow("x-mock-failure: ");
  });
});

describe("failureChunk", () => {
  const plan = planReply(parseMockServerOptions({ output_tokens: 7, tokens_per_chunk: 3 }), 0, {
    ...{ maxTokens: null, minTokens: 0, ignoreEos: false },
  });
  const chunkOf = (text: string, seed = 0) => {
    const reading = readFailure(text);
    if ("problem" in reading) throw new Error(reading.problem);
    return failureChunk(reading.value, plan, seededRandom(seed));
  };

  test.each([
    ["at=tokens,do=cut,after_tokens=0", 0],
    ["at=tokens,do=cut,after_tokens=1", 1],
    ["at=tokens,do=cut,after_tokens=2", 2],
    ["at=tokens,do=cut,after_tokens=4", 2],
    ["at=tokens,do=cut,after_tokens=5", 3],
    ["at=end,do=cut", 3],
    ["at=headers,do=cut", -1],
  ])("%s: chunk %i of those that begin with tokens 0, 1 and 4", (text, index) => {
    expect(chunkOf(text)).toBe(index);
  });

  test("without a number a place after the first is drawn", () => {
    const drawn = Array.from({ length: 50 }, (_, seed) => chunkOf("at=tokens,do=cut", seed));
    expect(new Set(drawn)).toEqual(new Set([1, 2]));
  });
});

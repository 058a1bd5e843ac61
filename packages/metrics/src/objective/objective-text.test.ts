import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { OBJECTIVE_METRICS, type Objective } from "./objective.js";
import { parseObjective, writeObjective } from "./objective-text.js";

describe("objectives as text", () => {
  test.each<[string, Objective]>([
    ["ttft.p99<=200ms", { metric: "ttft", statistic: 99, limit: 200, share: 0.99, turn: null }],
    ["e2el.mean<=2s", { metric: "e2el", statistic: "mean", limit: 2000, share: null, turn: null }],
    ["tpot<=50ms", { metric: "tpot", statistic: "each", limit: 50, share: 0.95, turn: null }],
    [" tpot <= 50 ms @ 99.5% ", { metric: "tpot", statistic: "each", limit: 50, share: 0.995, turn: null }],
    ["ttft[turn=2].p50<=1.5s", { metric: "ttft", statistic: 50, limit: 1500, share: 0.5, turn: 2 }],
    ["errors<=1%", { metric: "errors", statistic: "each", limit: 0.01, share: 0.99, turn: null }],
    ["itl.p99.9<=800us", { metric: "itl", statistic: 99.9, limit: 0.8, share: 0.9990000000000001, turn: null }],
  ])("%s", (text, expected) => {
    const reading = parseObjective(text);
    expect(reading).toEqual({
      value: { ...expected, share: expected.share === null ? null : expect.closeTo(expected.share, 12) },
    });
  });

  test.each([
    ["", "must be like"],
    ["ttft", "must be like"],
    ["ttft<200ms", "must be like"],
    ["ttft.p99<=200", "must be like"],
    ["tft.p99<=200ms", "did you mean ttft"],
    ["ttft<=0ms", "above 0"],
    ["ttft.p0<=1ms", "between 0 and 100"],
    ["ttft.p100<=1ms", "between 0 and 100"],
    ["ttft.p99<=1ms@90%", "none beside"],
    ["ttft<=1ms@100%", "between 0 and 100"],
    ["ttft<=5%", "us, ms or s"],
    ["errors<=5ms", "share of requests"],
    ["errors.mean<=5%", "share of requests"],
    ["errors<=100%", "share of requests"],
  ])("%s is refused: %s", (text, message) => {
    expect(parseObjective(text)).toEqual({ problem: expect.stringContaining(message) });
  });

  test("what is written is read again as the same", () => {
    const metric = fc.constantFrom(...OBJECTIVE_METRICS.filter((name) => name !== "errors"));
    const limit = fc.integer({ min: 1, max: 10_000_000 }).map((microseconds) => microseconds / 1000);
    const turn = fc.option(fc.nat(50));
    const statistic = fc.oneof(
      fc.constant("mean" as const),
      fc.integer({ min: 1, max: 999 }).map((tenths) => tenths / 10),
    );
    const share = fc.integer({ min: 1, max: 999 }).map((tenths) => tenths / 1000);
    fc.assert(
      fc.property(metric, limit, turn, fc.option(statistic), share, (metric, limit, turn, statistic, share) => {
        const of = statistic === null ? share : statistic === "mean" ? null : statistic / 100;
        const objective: Objective = { metric, limit, turn, statistic: statistic ?? "each", share: of };
        const text = writeObjective(objective);
        const reading = parseObjective(text);
        expect(reading).toMatchObject({ value: { metric, statistic: statistic ?? "each", turn } });
        expect("value" in reading && writeObjective(reading.value)).toBe(text);
        expect("value" in reading && reading.value.limit).toBeCloseTo(limit, 9);
      }),
    );
  });
});

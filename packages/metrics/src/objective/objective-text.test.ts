import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { OBJECTIVE_METRICS, type Objective } from "./objective.js";
import type { ObjectiveScope } from "./objective-scope.js";
import { parseObjective, writeObjective } from "./objective-text.js";

const scope: ObjectiveScope = { trafficClass: null, turns: null };
const turns = (first: number, last: number): ObjectiveScope => ({ trafficClass: null, turns: { first, last } });
const p99 = { metric: "ttft", statistic: 99, limit: 200, share: 0.99 } as const;

describe("objectives as text", () => {
  test.each<[string, Objective]>([
    ["ttft.p99<=200ms", { metric: "ttft", statistic: 99, limit: 200, share: 0.99, scope }],
    ["e2el.mean<=2s", { metric: "e2el", statistic: "mean", limit: 2000, share: null, scope }],
    ["tpot<=50ms", { metric: "tpot", statistic: "each", limit: 50, share: 0.95, scope }],
    [" tpot <= 50 ms @ 99.5% ", { metric: "tpot", statistic: "each", limit: 50, share: 0.995, scope }],
    ["ttft[turn=2].p50<=1.5s", { metric: "ttft", statistic: 50, limit: 1500, share: 0.5, scope: turns(2, 2) }],
    ["ttft.p99{class=chat}<=200ms", { ...p99, scope: { trafficClass: "chat", turns: null } }],
    ["ttft[class=long documents].p99<=200ms", { ...p99, scope: { trafficClass: "long documents", turns: null } }],
    ["ttft.p99[turn>=1]<=200ms", { ...p99, scope: turns(1, Number.POSITIVE_INFINITY) }],
    ["ttft{turn>0}.p99<=200ms", { ...p99, scope: turns(1, Number.POSITIVE_INFINITY) }],
    ["ttft{ turn <= 3 }.p99<=200ms", { ...p99, scope: turns(0, 3) }],
    ["ttft{turn<3,turn>=1,class=a}.p99<=200ms", { ...p99, scope: { trafficClass: "a", turns: { first: 1, last: 2 } } }],
    ["ttft{turn>=0}.p99<=200ms", { ...p99, scope }],
    ["errors<=1%", { metric: "errors", statistic: "each", limit: 0.01, share: 0.99, scope }],
    ["itl.p99.9<=800us", { metric: "itl", statistic: 99.9, limit: 0.8, share: 0.9990000000000001, scope }],
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
    ["ttft[clas=chat]<=1ms", "did you mean class"],
    ["ttft[turns=1]<=1ms", "did you mean turn"],
    ["ttft[]<=1ms", "must choose requests like"],
    ["ttft[class=]<=1ms", "must name one class"],
    ["ttft[class>=a]<=1ms", "must name one class"],
    ["ttft[class=a,class=b]<=1ms", "must name one class"],
    ["ttft[turn=-1]<=1ms", "whole number from 0"],
    ["ttft[turn=first]<=1ms", "whole number from 0"],
    ["ttft[turn<0]<=1ms", "must leave a turn over"],
    ["ttft[turn=1,turn=2]<=1ms", "must leave a turn over"],
    ["ttft[turn=0].p99{class=a}<=1ms", "in one pair of brackets"],
    ["ttft[turn=0}<=1ms", "must be like"],
  ])("%s is refused: %s", (text, message) => {
    expect(parseObjective(text)).toEqual({ problem: expect.stringContaining(message) });
  });

  test("what is written is read again as the same", () => {
    const metric = fc.constantFrom(...OBJECTIVE_METRICS.filter((name) => name !== "errors"));
    const limit = fc.integer({ min: 1, max: 10_000_000 }).map((microseconds) => microseconds / 1000);
    const turnRange = fc.option(
      fc.tuple(fc.nat(50), fc.option(fc.nat(50))).map(([first, more]) => ({
        first: more === null ? first + 1 : first,
        last: more === null ? Number.POSITIVE_INFINITY : first + more,
      })),
    );
    const name = fc.string({ minLength: 1, unit: fc.constantFrom(..."aZ9 -_=<>.é") }).map((text) => text.trim());
    const scope = fc.record({ trafficClass: fc.option(name.filter((text) => text !== "")), turns: turnRange });
    const statistic = fc.oneof(
      fc.constant("mean" as const),
      fc.integer({ min: 1, max: 999 }).map((tenths) => tenths / 10),
    );
    const share = fc.integer({ min: 1, max: 999 }).map((tenths) => tenths / 1000);
    fc.assert(
      fc.property(metric, limit, scope, fc.option(statistic), share, (metric, limit, scope, statistic, share) => {
        const of = statistic === null ? share : statistic === "mean" ? null : statistic / 100;
        const objective: Objective = { metric, limit, scope, statistic: statistic ?? "each", share: of };
        const text = writeObjective(objective);
        const reading = parseObjective(text);
        expect(reading).toMatchObject({ value: { metric, statistic: statistic ?? "each", scope } });
        expect("value" in reading && writeObjective(reading.value)).toBe(text);
        expect("value" in reading && reading.value.limit).toBeCloseTo(limit, 9);
      }),
    );
  });
});

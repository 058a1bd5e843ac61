import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type GivenRequest, tableOf } from "../test/record-fixture.js";
import { deriveWindow } from "./derive-window.js";
import { steadySpan, transientLength } from "./steady-state.js";

const numbers = (length: number, of: (at: number) => number): number[] => Array.from({ length }, (_, at) => of(at));
/** An even spread over [0, 1) without a pattern (Weyl sequence). */
const spread = (at: number): number => (at * 0.618033988749895) % 1;

describe("the length of a transient by MSER-5", () => {
  test("of a worked example", () => {
    // Batches 9 5 1 1 1 1 1 1 1 1 1 1: without the first two the rest has no spread at all.
    const values = numbers(60, (at) => (at < 5 ? 9 : at < 10 ? 5 : 1));
    expect(transientLength(values)).toBe(10);
  });

  test("is 0 where there is none", () => {
    expect(transientLength(numbers(100, () => 3))).toBe(0);
    expect(transientLength(numbers(500, spread))).toBeLessThanOrEqual(50);
  });

  test("is unknown of a series that never settles, or is too short", () => {
    expect(transientLength(numbers(200, (at) => at))).toBeNull();
    expect(transientLength(numbers(49, () => 3))).toBeNull();
  });

  test("finds a step up or down wherever it lies in the first half", () => {
    const step = fc.record({ at: fc.integer({ min: 10, max: 190 }), height: fc.constantFrom(-8, -4, 4, 8) });
    fc.assert(
      fc.property(step, ({ at, height }) => {
        const found = transientLength(numbers(400, (index) => spread(index) + (index < at ? height : 0))) ?? Number.NaN;
        expect(found).toBeGreaterThanOrEqual(at);
        expect(found).toBeLessThan(at + 40);
      }),
    );
  });

  test("does not depend on the unit of the values", () => {
    const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 50, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.constantFrom(2, 1024, 0.5), (series, scale) => {
        expect(transientLength(series.map((value) => value * scale))).toBe(transientLength(series));
      }),
      { numRuns: 50 },
    );
  });
});

/** 20 requests a second; requests take 10 s at first, 2 s from the 200th on; the last ones are drained. */
function settlingRun(): readonly GivenRequest[] {
  return numbers(1200, (at) => at).map((at) => {
    const send = at / 20;
    const wait = at < 200 ? 1 - at / 250 : 0.2 + 0.02 * spread(at);
    return { send, firstToken: send + wait, lastToken: send + 2, tokenIterations: 2, end: send + wait + 2 };
  });
}

describe("the steady part of a run", () => {
  test("begins when the times to first token have settled and ends when the load falls", () => {
    const table = tableOf(settlingRun());
    const { fromNs, untilNs } = steadySpan(table, { startNs: 0, endNs: 62.2e9 });
    expect((fromNs ?? Number.NaN) / 1e9).toBeGreaterThan(8);
    expect((fromNs ?? Number.NaN) / 1e9).toBeLessThan(13);
    expect((untilNs ?? Number.NaN) / 1e9).toBeGreaterThan(57);
    expect((untilNs ?? Number.NaN) / 1e9).toBeLessThan(61);
  });

  const AUTO = { percent: null, value: null, mode: "auto" } as const;
  const window = (requests: readonly GivenRequest[], phases: object) =>
    deriveWindow({
      table: tableOf(requests),
      schedulerStartNs: 0,
      stopTimeNs: null,
      schedulerEndNs: 0,
      maxDurationSeconds: null,
      maxRequests: null,
      warmup: null,
      cooldown: null,
      ...phases,
    });

  test("is what is measured with auto; one phase alone may be found, and the other given", () => {
    const both = window(settlingRun(), { warmup: AUTO, cooldown: AUTO });
    expect(both.startNs).toBeGreaterThan(8e9);
    expect(both.endNs).toBeLessThan(61e9);
    expect(both.notes).toEqual([]);
    const start = window(settlingRun(), { warmup: AUTO });
    expect([start.startNs, start.endNs]).toEqual([both.startNs, start.requestEndNs]);
    const given = { percent: null, value: 3, mode: "duration" } as const;
    const end = window(settlingRun(), { warmup: given, cooldown: AUTO });
    expect([end.startNs, end.endNs]).toEqual([3e9, both.endNs]);
  });

  test("is the whole run, and said so, where there is none", () => {
    const growing = numbers(300, (at) => at).map((at) => {
      const send = at / 20;
      return {
        send,
        firstToken: send + at / 10,
        lastToken: send + at / 10,
        tokenIterations: 2,
        end: send + at / 10 + 1,
      };
    });
    const found = window(growing, { warmup: AUTO });
    expect(found.startNs).toBe(found.requestStartNs);
    expect(found.notes).toEqual([expect.stringContaining("did not become steady")]);
    expect(window(growing.slice(0, 20), { warmup: AUTO }).notes).toHaveLength(1);
  });
});

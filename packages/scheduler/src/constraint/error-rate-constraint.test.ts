import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { RunCounts, RunObservation } from "./constraint.js";
import { MaxErrorRate, MaxGlobalErrorRate } from "./error-rate-constraint.js";

const COUNTS: RunCounts = { created: 0, processed: 0, errored: 0, startNs: 0, nowNs: 0 };

/** Outcomes in the order of their ends, one a second. */
function observation(failed: readonly boolean[], from = 0): RunObservation {
  const ended = failed.map((one, at) => ({ atNs: (from + at + 1) * 1e9, failed: one }));
  return { counts: COUNTS, openLoop: false, expected: null, inFlight: 0, waiting: 0, ended, firstTokens: [] };
}

function outcomes(text: string): readonly boolean[] {
  return [...text].map((letter) => letter === "x");
}

describe("max_error_rate", () => {
  const build = (rate: number, window: number) => new MaxErrorRate({ rate, window, stoppingScope: "all" });

  test.each([
    ["xxx", 4, null], // too few
    ["xxx.", 4, 4],
    ["....x.x", 4, 7],
    ["xx......", 4, 4], // half of the first four
    ["x...x...x...", 4, null],
    ["xx", 30.5, null],
  ])("of %s with a window of %d the end at %j s is the last one", (text, window, seconds) => {
    const constraint = build(0.5, window);
    constraint.watch(observation(outcomes(text)));
    const { requestProcessing, stoppingScope, progress } = constraint.evaluate();
    expect(requestProcessing).toBe(seconds === null ? "continue" : "stop_all");
    expect(progress.stopNs).toBe(seconds === null ? null : seconds * 1e9);
    expect(stoppingScope).toBe("all");
  });

  test("stays reached whatever ends afterwards", () => {
    const constraint = build(0.5, 2);
    constraint.watch(observation(outcomes("xx")));
    constraint.watch(observation(outcomes("......"), 2));
    expect(constraint.evaluate()).toMatchObject({
      requestQueuing: "stop",
      metadata: { max_error_rate: 0.5, window_size: 2, exceeded: true, processed_count: 2, current_error_rate: 1 },
    });
  });

  test("how often it looks makes no difference", () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.integer({ min: 1, max: 7 }),
        (failed, window, rate, step) => {
          const [once, often] = [build(rate, window), build(rate, window)];
          once.watch(observation(failed));
          for (let at = 0; at < failed.length; at += step) often.watch(observation(failed.slice(at, at + step), at));
          expect(often.evaluate()).toEqual(once.evaluate());
          const first = failed.findIndex((_, at) => {
            const latest = failed.slice(Math.max(0, at + 1 - window), at + 1);
            return at + 1 >= window && latest.filter(Boolean).length / latest.length >= rate;
          });
          expect(once.evaluate().progress.stopNs).toBe(first < 0 ? null : (first + 1) * 1e9);
        },
      ),
    );
  });
});

describe("max_global_error_rate", () => {
  const build = (rate: number, minimum: number | null) =>
    new MaxGlobalErrorRate({ rate, minimum, stoppingScope: "current" });

  test.each([
    ["xxx", 4, null],
    ["xxx.", 4, 4],
    ["x", null, 1],
    [".x.x.x", null, 2],
    ["........xxxxxxxx", 4, 16],
  ])("of %s with a minimum of %j the end at %j s is the last one", (text, minimum, seconds) => {
    const constraint = build(0.5, minimum);
    constraint.watch(observation(outcomes(text)));
    const action = constraint.evaluate(COUNTS);
    expect(action.requestProcessing).toBe(seconds === null ? "continue" : "stop_all");
    expect(action.progress.stopNs).toBe(seconds === null ? null : seconds * 1e9);
  });

  test("says how many have failed of how many", () => {
    const constraint = build(0.5, 3);
    constraint.watch(observation(outcomes("x...")));
    expect(constraint.evaluate({ ...COUNTS, processed: 4, errored: 1 }).metadata).toEqual({
      max_error_rate: 0.5,
      min_processed: 3,
      processed_requests: 4,
      errored_requests: 1,
      error_rate: 0.25,
      exceeded_min_processed: true,
      exceeded_error_rate: false,
      exceeded: false,
    });
  });
});

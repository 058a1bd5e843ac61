import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import "./register.js";
import { combineLimits, combineProgress, constraintNames, evaluateAll, remainingFraction } from "./combine.js";
import type { RunCounts } from "./constraint.js";
import { constraints, createConstraints, endHealthyRun } from "./constraints.js";
import { requestsExhausted } from "./count-constraint.js";

const START_NS = 5e9;

function build(input: unknown, stepIndex = 0) {
  const [constraint] = createConstraints([constraints.parseArgs(input)], stepIndex);
  if (constraint === undefined) throw new Error("no constraint was built");
  return constraint;
}

function counts(given: Partial<RunCounts>): RunCounts {
  return { created: 0, processed: 0, errored: 0, startNs: START_NS, nowNs: START_NS, ...given };
}

describe("max_requests", () => {
  test("stops creating at the limit and processing when all are done", () => {
    const constraint = build({ kind: "max_requests", count: 3 });
    expect(constraint.evaluate(counts({ created: 2 }))).toMatchObject({ requestQueuing: "continue" });
    expect(constraint.evaluate(counts({ created: 3, processed: 2 }))).toMatchObject({
      requestQueuing: "stop",
      requestProcessing: "continue",
      progress: { remainingRequests: 1, totalRequests: 3, stopNs: null },
    });
    expect(constraint.evaluate(counts({ created: 3, processed: 3 }))).toMatchObject({
      requestProcessing: "stop_local",
      progress: { remainingRequests: 0, stopNs: START_NS },
    });
  });

  test("a fractional limit is rounded up", () => {
    expect(combineLimits([build({ kind: "max_requests", count: 7.5 })]).issuedRequests).toBe(8);
  });
});

test("min_requests does not stop creating at the limit", () => {
  const constraint = build({ kind: "min_requests", count: 3 });
  expect(combineLimits([constraint])).toMatchObject({ issuedRequests: Number.POSITIVE_INFINITY, processedRequests: 3 });
  expect(constraint.evaluate(counts({ created: 9, processed: 2 }))).toMatchObject({ requestQueuing: "continue" });
  expect(constraint.evaluate(counts({ created: 9, processed: 3 }))).toMatchObject({
    requestQueuing: "stop",
    requestProcessing: "stop_local",
  });
});

test("max_errors stops everything and says nothing about progress", () => {
  const action = build({ kind: "max_errors", count: 2 }).evaluate(counts({ processed: 5, errored: 2 }));
  expect(action).toMatchObject({ requestQueuing: "stop", requestProcessing: "stop_all" });
  expect(remainingFraction(action.progress)).toBeNull();
});

test("max_duration ends exactly at its limit, without any request", () => {
  const constraint = build({ kind: "max_duration", seconds: 10 });
  expect(constraint.evaluate(counts({ nowNs: START_NS + 4e9 }))).toMatchObject({
    requestQueuing: "continue",
    progress: { remainingDurationSeconds: 6, totalDurationSeconds: 10 },
  });
  expect(constraint.evaluate(counts({ nowNs: START_NS + 10.3e9 }))).toMatchObject({
    requestProcessing: "stop_local",
    progress: { remainingDurationSeconds: 0, stopNs: START_NS + 10e9 },
  });
});

test("max_duration is reached at the instant that was planned for it, wherever the run began", () => {
  const instants = fc.double({ min: 0, max: 1e13, noNaN: true });
  fc.assert(
    fc.property(instants, fc.double({ min: 0.001, max: 1e5, noNaN: true }), (startNs, seconds) => {
      const constraint = build({ kind: "max_duration", seconds });
      const atEnd = constraint.evaluate(counts({ startNs, nowNs: startNs + seconds * 1e9 }));
      expect(atEnd.requestQueuing).toBe("stop");
    }),
  );
});

test("a list gives one value per benchmark and the last one repeats", () => {
  const limits = [0, 1, 2, 3, 4].map((step) => build({ kind: "max_requests", count: [10, 20, 10] }, step).limits);
  expect(limits.map((limit) => limit.issuedRequests)).toEqual([10, 20, 10, 10, 10]);
  const seconds = [0, 1, 2].map((step) => build({ kind: "max_duration", seconds: [10, 20] }, step).limits);
  expect(seconds.map((limit) => limit.durationSeconds)).toEqual([10, 20, 20]);
});

describe("several of one kind", () => {
  const several = (inputs: readonly object[], step = 0) =>
    createConstraints(
      inputs.map((input) => constraints.parseArgs(input)),
      step,
    );
  const stopping = (all: ReturnType<typeof several>, given: Partial<RunCounts>) =>
    Object.entries(evaluateAll(all, counts(given))).flatMap(([name, action]) =>
      action.requestQueuing === "stop" ? [`${name} ${action.stoppingScope}`] : [],
    );

  test("each counts for itself and has a name of its own; the tightest bounds the run", () => {
    const all = several([
      { kind: "max_errors", count: 2 },
      { kind: "max_duration", seconds: 9 },
      { kind: "max_errors", count: 5, stopping_scope: "all" },
      { kind: "max_duration", seconds: 4, stopping_scope: "all" },
      { kind: "max_errors", count: 3 },
    ]);
    expect(constraintNames(all)).toEqual([
      "max_errors",
      "max_duration",
      "max_errors#2",
      "max_duration#2",
      "max_errors#3",
    ]);
    expect(combineLimits(all)).toMatchObject({ erroredRequests: 2, durationSeconds: 4 });
    expect(stopping(all, { errored: 1 })).toEqual([]);
    expect(stopping(all, { errored: 2 })).toEqual(["max_errors current"]);
    expect(stopping(all, { errored: 5 })).toEqual(["max_errors current", "max_errors#2 all", "max_errors#3 current"]);
    expect(stopping(all, { nowNs: START_NS + 4e9 })).toEqual(["max_duration#2 all"]);
  });

  test("each has its own value for each benchmark", () => {
    const lists = [
      { kind: "max_requests", count: [10, 30] },
      { kind: "max_requests", count: [20, 5] },
    ];
    const limits = [0, 1, 2].map((step) => combineLimits(several(lists, step)).issuedRequests);
    expect(limits).toEqual([10, 5, 5]);
  });

  test("what one of them has seen does not change the other", () => {
    const all = several([
      { kind: "max_error_rate", rate: 0.5, window: 2 },
      { kind: "max_error_rate", rate: 0.5, window: 4, stopping_scope: "all" },
    ]);
    const ended = [false, true].map((failed, at) => ({ atNs: START_NS + at, failed }));
    const observation = {
      openLoop: true,
      expected: null,
      inFlight: 0,
      waiting: 0,
      firstTokens: [],
      counts: counts({}),
      ended,
    };
    for (const constraint of all) constraint.watch?.(observation);
    expect(stopping(all, {})).toEqual(["max_error_rate current"]);
    for (const constraint of all) constraint.watch?.(observation);
    expect(stopping(all, {})).toEqual(["max_error_rate current", "max_error_rate#2 all"]);
  });

  test("the bounds of any number of them are the least of each", () => {
    const limit = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(fc.array(limit, { minLength: 1, maxLength: 6 }), (values) => {
        const all = several(
          values.flatMap((count) => [
            { kind: "min_requests", count },
            { kind: "max_requests", count },
          ]),
        );
        const least = Math.min(...values);
        expect(combineLimits(all)).toMatchObject({ processedRequests: least, issuedRequests: least });
        expect(new Set(constraintNames(all)).size).toBe(all.length);
      }),
    );
  });
});

test.each(["max_error_rate", "max_global_error_rate"])("%s takes a rate inside (0, 1)", (kind) => {
  expect(build({ kind, rate: [0.1, 0.2], stopping_scope: "all" })).toMatchObject({ kind, stoppingScope: "all" });
  for (const rate of [0, 1, -0.5]) expect(() => constraints.parseArgs({ kind, rate })).toThrow("rate");
});

test("a list of rates gives one per benchmark", () => {
  const rates = [0, 1, 2].map(
    (step) => build({ kind: "max_error_rate", rate: [0.1, 0.2] }, step).evaluate(counts({})).metadata["max_error_rate"],
  );
  expect(rates).toEqual([0.1, 0.2, 0.2]);
});

test("over_saturation has the defaults of GuideLLM for its test", () => {
  expect(constraints.parseArgs({ kind: "over_saturation" })).toEqual({
    kind: "over_saturation",
    mode: "enforce",
    detector: "backlog",
    min_seconds: null,
    max_window_seconds: 120,
    moe_threshold: 2,
    minimum_ttft: 2.5,
    maximum_window_ratio: 0.75,
    minimum_window_size: null,
    confidence: 0.95,
    stopping_scope: "current",
  });
  expect(() => constraints.parseArgs({ kind: "over_saturation", mode: "active" })).toThrow("mode");
});

test.each([
  { kind: "max_requests", count: 0 },
  { kind: "max_requests", count: -1 },
  { kind: "max_requests", count: Number.NaN },
  { kind: "max_requests", max_num: 3 },
  { kind: "max_duration", seconds: "soon" },
  { kind: "max_errors", count: 1, stopping_scope: "everything" },
])("%j is refused", (input) => {
  expect(() => constraints.parseArgs(input)).toThrow();
});

test.each([
  [[], false],
  [[{ kind: "max_errors", count: 1 }], false],
  [[{ kind: "max_requests", count: 1 }], true],
  [[{ kind: "min_requests", count: 1 }], true],
  [
    [
      { kind: "max_errors", count: 1 },
      { kind: "max_duration", seconds: 1 },
    ],
    true,
  ],
])("%j end a run without errors: %j", (inputs, ends) => {
  expect(endHealthyRun(inputs.map((input) => constraints.parseArgs(input)))).toBe(ends);
});

test("progress follows the tightest constraint and the earliest stop", () => {
  const all = [
    build({ kind: "max_requests", count: 10 }),
    build({ kind: "max_duration", seconds: 10 }),
    requestsExhausted(8),
  ];
  const actions = evaluateAll(all, counts({ created: 8, processed: 8, nowNs: START_NS + 2e9 }));
  const progress = combineProgress(Object.values(actions).map((action) => action.progress));
  expect(progress).toEqual({
    remainingRequests: 0,
    totalRequests: 8,
    remainingDurationSeconds: 8,
    totalDurationSeconds: 10,
    stopNs: START_NS + 2e9,
  });
  expect(remainingFraction(progress)).toBe(0);
});

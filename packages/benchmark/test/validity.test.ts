import { RECORD_STATUS } from "@core/metrics";
import { describe, expect, test } from "@jest/globals";
import type { LagRecord, WorkerRecord } from "../src/report/benchmark-report.js";
import { readLagOf } from "../src/validity/read-lag.js";
import { VALIDITY_RULES } from "../src/validity/validity-rules.js";
import { type GivenRequest, reportOf, resultOf, sequence, specOf, workerReport } from "./support/measured.js";

const RATE = { type_: "constant", rate: 10, max_concurrency: null, rampup_duration: 0 } as const;

function lag(meanMs: number, stdDevMs = 0, count = 400) {
  const ns = meanMs * 1e6;
  return { count, meanNs: ns, stdDevNs: stdDevMs * 1e6, p50Ns: ns, p99Ns: ns, maxNs: ns };
}

/** A worker's thread that nothing keeps from its work, but for what is given. */
function thread(more: Partial<NonNullable<ReturnType<typeof workerReport>["load"]>> = {}) {
  return workerReport({
    load: {
      elapsedSeconds: 10,
      eventLoopDelay: lag(0.05),
      readLag: lag(0.04),
      eventLoopUtilization: 0.3,
      cpuSeconds: 3,
      yieldedSeconds: 1,
      collections: { count: 5, totalNs: 5e6, maxNs: 2e6 },
      runQueue: { waitNs: 1e7, turns: 5000, worstShare: 0.01 },
      ...more,
    },
  });
}

const judged = (diagnostics: readonly ReturnType<typeof thread>[], requests = sequence(20), more = {}) =>
  reportOf(resultOf(requests, { diagnostics, ...more }));
const found = (report: ReturnType<typeof reportOf>) =>
  report.warnings.map(({ code, severity }) => `${code} ${severity}`);

describe("the verdict", () => {
  test("of a client with cores of its own is valid, with the bound of its error", () => {
    const { validity, warnings } = judged([thread()]);
    expect(warnings).toEqual([]);
    expect(validity).toEqual({
      verdict: "valid",
      reasons: [],
      ttft_error_bound_ms: expect.closeTo(0.05 + 0.4, 9),
      ttft_error_bound_ratio: expect.closeTo((0.05 + 0.4) / 20, 9),
      streams: 20,
      streams_read_at_once: 0,
      tokens_per_read: 1,
      connections: { opened: 0, retried: 0, setup_ms: null },
      delayed_requests: { by_cap: 0, by_data: 0, by_history: 0 },
    });
  });

  test.each([
    [0.3, "valid"],
    [0.5, "suspect"],
    [0.9, "suspect"],
    [1.1, "invalid"],
  ])("of a client that reads %d ms late, of 20 ms, is %s", (ms, verdict) => {
    const { validity } = judged([thread({ readLag: lag(ms) })]);
    expect(validity.verdict).toBe(verdict);
    expect(validity.reasons.map(({ code }) => code)).toEqual(verdict === "valid" ? [] : ["ttft_error"]);
  });

  test("of lags nobody could feel is valid, however short the latencies are", () => {
    expect(judged([thread({ readLag: lag(0.2) })], sequence(20, 0.001)).validity.verdict).toBe("valid");
  });

  test("is about the worst worker, the rarer its reads the more so", () => {
    const starved = thread({ eventLoopDelay: lag(0.4, 4), runQueue: { waitNs: 3e9, turns: 5000, worstShare: 0.6 } });
    const { validity, warnings } = judged([starved], sequence(20));
    expect(validity.ttft_error_bound_ms).toBeCloseTo(0.4 + 0.4 + (1.959964 * 4) / Math.sqrt(20), 6);
    expect(validity.verdict).toBe("invalid");
    expect(warnings[0]?.note).toMatch(/waited for a core 30.0 % of the time/);
    expect(judged([starved], sequence(2000)).validity.ttft_error_bound_ms).toBeCloseTo(0.4 + 0.4 + 0.175, 2);
  });

  test("of a run that broke off is invalid", () => {
    const failure = { message: "worker 0 died" } as never;
    expect(found(judged([thread()], sequence(20), { failure }))).toEqual(["broken_off invalid"]);
  });

  test("of a run too short for probes does not guess", () => {
    const { validity } = judged([thread({ readLag: lag(9, 0, 3), eventLoopDelay: null })]);
    expect(validity).toMatchObject({ verdict: "valid", ttft_error_bound_ms: null, ttft_error_bound_ratio: null });
  });

  test("follows a rule of the user that says so", () => {
    const rule = { code: "slow", metric: { name: "request_latency.successful" }, threshold: 0.05, severity: "invalid" };
    const spec = specOf({ metrics: { warnings: [rule] } });
    const { validity } = reportOf(resultOf(sequence(20)), spec);
    expect(validity).toMatchObject({ verdict: "invalid", reasons: [{ code: "slow", severity: "invalid" }] });
  });

  test("a rule of the user may fire below its threshold", () => {
    const rule = { code: "few", metric: { name: "request_totals.successful" }, threshold: 50, direction: "below" };
    const spec = specOf({ metrics: { warnings: [rule] } });
    const [warning] = reportOf(resultOf(sequence(20)), spec).warnings;
    expect(warning).toMatchObject({ code: "few", observed: 20, severity: "info" });
    expect(warning?.message).toMatch(/below 50/);
  });
});

describe("whole streams in one read", () => {
  /** A fifth of the streams come in one piece at their end. */
  const pieces: readonly GivenRequest[] = sequence(20).map((request, at) =>
    at % 5 === 0 ? { ...request, firstToken: request.end } : request,
  );

  test("on a starved client make its numbers invalid", () => {
    const starved = thread({ runQueue: { waitNs: 3e9, turns: 5000, worstShare: 0.6 } });
    const report = judged([starved], pieces);
    expect(found(report)).toEqual(["read_at_once invalid"]);
    expect(report.warnings[0]?.message).toMatch(/^4 of 20 streams were read in one piece: .* is their latency/);
    expect(report.validity).toMatchObject({ streams: 20, streams_read_at_once: 4 });
    expect(report.validity.tokens_per_read).toBeCloseTo(100 / (100 - 4 * 4), 9);
  });

  test("on a client with time to spare come from the server", () => {
    const report = judged([thread()], pieces);
    expect(found(report)).toEqual(["read_at_once info"]);
    expect(report.warnings[0]?.note).toMatch(/server, or a proxy/);
    expect(report.validity.verdict).toBe("valid");
  });
});

describe("single signals", () => {
  test.each([
    [thread({ eventLoopDelay: { ...lag(0.05), p99Ns: 6e6 } }), "event_loop_delay suspect"],
    [thread({ collections: { count: 1, totalNs: 2e7, maxNs: 2e7 } }), "garbage_collection info"],
    [thread({ eventLoopUtilization: 0.95 }), "client_busy suspect"],
  ])("%#: %j", (worker, code) => {
    expect(found(judged([worker]))).toEqual([code]);
  });

  test.each([
    thread({ eventLoopDelay: { ...lag(0.05), p99Ns: 1.9e6 } }),
    thread({ eventLoopUtilization: 0.95, yieldedSeconds: 4 }),
  ])("%#: no finding", (worker) => {
    expect(found(judged([worker]))).toEqual([]);
  });

  test("late sends that were held back are not the client's", () => {
    const late = { sendLag: { ...lag(1), p99Ns: 50e6 }, lateSends: 3 };
    const own = workerReport(late);
    const held = workerReport({ ...late, delayedByHistory: 3 });
    expect(found(judged([own], sequence(20), { strategy: RATE }))).toEqual(["sent_late suspect"]);
    const report = judged([held], sequence(20), { strategy: RATE });
    expect(found(report)).toEqual(["sent_late info"]);
    expect(report.validity.delayed_requests).toEqual({ by_cap: 0, by_data: 0, by_history: 3 });
  });
});

test("saturation that was asked for in a closed loop is told", () => {
  const result = resultOf(sequence(20));
  const action = { ...result.state.schedulerConstraints["max_requests"], metadata: { applies: false } };
  const state = { ...result.state, schedulerConstraints: { over_saturation: action } } as typeof result.state;
  expect(found(reportOf({ ...result, state }))).toEqual(["saturation_unseen info"]);
});

test("what was in flight at the stop is counted by how it ended", () => {
  const [stop, cut] = [1, RECORD_STATUS.cancelledStarted];
  const requests: readonly GivenRequest[] = [
    { intended: 0, end: 0.5 },
    { intended: 0, end: stop },
    { intended: 0, end: 1.25 },
    { intended: 0, end: 1.5, status: RECORD_STATUS.errored, errorCode: "TEST" },
    { intended: 0, end: 3, status: cut },
    { intended: 0, end: 9, status: RECORD_STATUS.cancelledNeverStarted },
  ];
  const result = resultOf(requests);
  const stopped = (endProcessingNs: number) => ({ ...result, state: { ...result.state, endProcessingNs } });
  expect(reportOf(stopped(stop * 1e9)).drain).toEqual({ ended: 2, cut: 1, seconds: 2 });
  expect(reportOf(stopped(3e9)).drain).toEqual({ ended: 0, cut: 0, seconds: 0 });
});

test("no rule has a milder limit for what is worse", () => {
  for (const { info, suspect, invalid, direction } of VALIDITY_RULES) {
    const limits = [info, suspect, invalid].filter((limit) => limit !== null);
    const sorted = limits.toSorted((one, other) => (direction === "above" ? one - other : other - one));
    expect(limits).toEqual(sorted);
    expect(limits.length).toBeGreaterThan(0);
  }
  expect(new Set(VALIDITY_RULES.map(({ code }) => code)).size).toBe(VALIDITY_RULES.length);
});

test("one long standstill counts by the bytes that it kept waiting", () => {
  const elapsed = 10; // one of 500 ms among a thousand timers that are in time
  const delay: LagRecord = { count: 1000, mean: 0.5, std_dev: Math.sqrt(250 - 0.25), p50: 0, p99: 0, max: 500 };
  const worker = { event_loop_delay_ms: delay, read_lag_ms: null, elapsed_seconds: elapsed } as WorkerRecord;
  const lag = readLagOf([worker], null, resultOf(sequence(100)).table);
  expect(lag?.meanMs).toBeCloseTo(500 ** 2 / 2 / 10_000, 9); // 12.5: a twentieth of the time, 250 ms on average
  const square = 500 ** 3 / 3 / 10_000;
  expect(lag?.boundMs).toBeCloseTo(12.5 + (1.959964 * Math.sqrt(square - 12.5 ** 2)) / 10, 9);
});

test("lags of several workers are pooled by their number", () => {
  const record = (mean: number, count: number): LagRecord => ({
    count,
    mean,
    std_dev: 0,
    p50: mean,
    p99: mean,
    max: mean,
  });
  const worker = (mean: number, count: number) =>
    ({ event_loop_delay_ms: null, read_lag_ms: record(mean, count) }) as WorkerRecord;
  const { table } = resultOf(sequence(100));
  const pooled = readLagOf([worker(0, 300), worker(4, 100)], null, table);
  expect(pooled?.meanMs).toBeCloseTo(1, 12);
  expect(pooled?.boundMs).toBeCloseTo(1 + (1.959964 * Math.sqrt(3)) / 10, 9);
});

import { RECORD_STATUS } from "@core/metrics";
import { describe, expect, test } from "@jest/globals";
import { type GivenRequest, reportOf, resultOf, sequence, specOf, workerReport } from "./support/measured.js";

const RATE = { type_: "constant", rate: 10, max_concurrency: null, rampup_duration: 0 } as const;
const codes = (report: ReturnType<typeof reportOf>): string[] => report.warnings.map(({ code }) => code);
const dataset = (generationDelaysSeconds: readonly number[]) => {
  return { exhausted: false, generated: generationDelaysSeconds.length, skippedRows: 0, generationDelaysSeconds };
};

/** Ten requests a tenth of a second apart, each of which waits 2 ms for its conversation. */
const STARVED: readonly GivenRequest[] = sequence(10).map((request) => ({
  ...request,
  queued: request.intended + 0.002,
}));

describe("generation_delay_ttft", () => {
  const slowToMake = Array.from({ length: 10 }, () => 1 / 256); // a binary fraction adds up exactly

  test.each(["synchronous", "constant"] as const)("a healthy short %s run has no warning", (type_) => {
    const strategy = type_ === "constant" ? RATE : { type_ };
    const report = reportOf(resultOf(sequence(10), { strategy, dataset: dataset(slowToMake) }));
    // A fifth of the time to first token each to make, but beside the load and ahead of it.
    expect(report.dataset.production_ms).toEqual({ count: 10, mean: 3.90625, max: 3.90625 });
    expect(report.scheduler_metrics.generation_delay).toMatchObject({ count: 10, mean: 0, max: 0 });
    expect(codes(report)).toEqual([]);
  });

  test.each(["synchronous", "constant"] as const)("a %s run that waits for its data has one", (type_) => {
    const strategy = type_ === "constant" ? RATE : { type_ };
    const report = reportOf(resultOf(STARVED, { strategy, dataset: dataset(slowToMake) }));
    expect(report.scheduler_metrics.generation_delay.mean).toBeCloseTo(0.002, 9);
    expect(codes(report)).toEqual(["generation_delay_ttft"]);
    const [found] = report.warnings;
    expect(found?.observed).toBeCloseTo(2 / 18, 6);
    expect(found).toMatchObject({ threshold: 0.01, unit: "ratio", sample_count: 10 });
    expect(found?.message).toBe(
      "mean generation delay is 11% of mean time to first token ms total (0.002s against 0.018s), above 1%.",
    );
  });

  test("data that is made quickly, but not quickly enough, is found as well", () => {
    const report = reportOf(resultOf(STARVED, { dataset: dataset(Array.from({ length: 10 }, () => 0.0001)) }));
    expect(codes(report)).toEqual(["generation_delay_ttft"]);
  });

  test("nothing was sent: no warning, nothing made up", () => {
    const report = reportOf(resultOf([]));
    expect(report.scheduler_metrics.generation_delay).toMatchObject({ count: 0, mean: null });
    expect(report.dataset.production_ms).toBeNull();
    expect(codes(report)).toEqual([]);
  });

  test("rules that are given replace it", () => {
    const spec = specOf({ metrics: { warnings: [] } });
    expect(codes(reportOf(resultOf(STARVED), spec))).toEqual([]);
  });
});

describe("findings of the run itself", () => {
  test("failed requests, with the most frequent failure", () => {
    const failed = { status: RECORD_STATUS.errored, errorCode: "HTTP_503" };
    const requests = sequence(10).map((request, at) => (at < 3 ? { ...request, ...failed } : request));
    const first = { code: "HTTP_503", message: "busy", phase: "body", status: 503 } as const;
    const report = reportOf(resultOf(requests, { failures: [{ code: "HTTP_503", count: 3, first }] }));
    expect(report.warnings).toEqual([
      {
        code: "requests_errored",
        severity: "info",
        message: "3 of 10 requests failed; most often HTTP_503 (3).",
        observed: 0.3,
        threshold: 0,
        unit: "ratio",
        sample_count: 10,
        note: "Latencies describe the successful requests only.",
      },
    ]);
  });

  test.each([
    [{ dueNotSent: 5, delayedByCap: 5 }, /cap on requests in flight.*server does not keep up/],
    [{ dueNotSent: 5, delayedByData: 5 }, /data could not be made fast enough/],
    [{ dueNotSent: 5, delayedByCap: 1, delayedByData: 4 }, /data could not be made fast enough/],
    [{ dueNotSent: 5 }, /client was too busy/],
  ])("a rate that was not reached names its cause: %j", (worker, note) => {
    const report = reportOf(resultOf(sequence(10), { strategy: RATE, diagnostics: [workerReport(worker)] }));
    const found = report.warnings.find(({ code }) => code === "rate_not_reached");
    expect(found).toMatchObject({ message: "Only 66.7 % of the requests that were due could be sent." });
    expect(found?.note).toMatch(note);
  });

  test("a rate missed by less than one in a hundred is no finding; closed loops have no rate", () => {
    const one = { diagnostics: [workerReport({ dueNotSent: 1 })] };
    expect(codes(reportOf(resultOf(sequence(200), { strategy: RATE, ...one })))).toEqual([]);
    expect(codes(reportOf(resultOf(sequence(10), one)))).toEqual([]);
  });

  test("sends later than 10 ms, by the worst worker", () => {
    const lag = (p99Ns: number) => ({ count: 4, meanNs: 1, stdDevNs: 0, p50Ns: 1, p99Ns, maxNs: p99Ns });
    const diagnostics = [workerReport({ sendLag: lag(9e6) }), workerReport({ sendLag: lag(12.34e6), lateSends: 1 })];
    const [found] = reportOf(resultOf(sequence(10), { diagnostics, strategy: RATE })).warnings;
    expect(found).toMatchObject({ code: "sent_late", observed: 0.01234, threshold: 0.01, sample_count: 8 });
    expect(found?.message).toContain("12.3 ms");
    const fine = [workerReport({ sendLag: lag(10e6) }), workerReport({ sendLag: null })];
    expect(codes(reportOf(resultOf(sequence(10), { diagnostics: fine, strategy: RATE })))).toEqual([]);
  });

  test.each([
    [{ type_: "concurrent", streams: 8, rampup_duration: 0 }, 8],
    [{ type_: "throughput", max_concurrency: 16, rampup_duration: 0 }, 16],
  ] as const)("the opening burst of a closed loop is no finding: %j", (strategy, burst) => {
    const sendLag = { count: 40, meanNs: 1, stdDevNs: 0, p50Ns: 1, p99Ns: 20e6, maxNs: 20e6 };
    const late = (lateSends: number) => [workerReport({ sendLag, lateSends })];
    expect(codes(reportOf(resultOf(sequence(10), { strategy, diagnostics: late(burst) })))).toEqual([]);
    expect(codes(reportOf(resultOf(sequence(10), { strategy, diagnostics: late(burst + 1) })))).toEqual(["sent_late"]);
  });

  test.each([
    [1, "1 request waited for its prompt to be made."],
    [3, "3 requests waited for their prompts to be made."],
  ])("%d requests that waited for data", (delayedByData, message) => {
    const diagnostics = [workerReport({ delayedByData })];
    const [found] = reportOf(resultOf(sequence(10), { diagnostics })).warnings;
    expect(found).toMatchObject({ code: "waited_for_data", message, observed: delayedByData / 10 });
  });

  test("a phase that could not be applied", () => {
    const spec = specOf({ profile: { warmup: { percent: 0.5, mode: "duration" } } });
    const [found] = reportOf(resultOf(sequence(10)), spec).warnings;
    expect(found).toMatchObject({ code: "measurement_window" });
    expect(found?.message).toMatch(/warmup is a share of a run whose duration is not limited/);
  });
});

import { compileMetrics, type GenerativeMetrics } from "@core/metrics";
import { expect, test } from "@jest/globals";
import { runVirtually } from "../../test/support/virtual-run.js";

const RATE = 100;
const SECONDS = 50;
const SERVICE = 0.05;
const FIRST_TOKEN = 0.02;
const STALL = { from: 10, to: 12 };
/** In flight at once: twice what the rate needs. */
const CAP = 2 * RATE * SERVICE;
const LIMIT = 0.2;

/** A server that answers in 50 ms and stands still from second 10 to second 12. */
async function measure(max_concurrency: number | null, workers: number): Promise<GenerativeMetrics> {
  let startNs = 0;
  const { run } = await runVirtually({
    strategy: { type_: "constant", rate: RATE, max_concurrency, rampup_duration: 0 },
    workers,
    constraints: [{ kind: "max_requests", count: RATE * SECONDS }],
    during: (time) => {
      startNs = time.nowNs() + 20e6;
    },
    script: (_requestId, nowNs) => {
      const seconds = (nowNs - startNs) / 1e9;
      const held = seconds >= STALL.from && seconds < STALL.to ? STALL.to - seconds : 0;
      return { latencyNs: (held + SERVICE) * 1e9, firstTokenNs: (held + FIRST_TOKEN) * 1e9, ending: "final" };
    },
  });
  expect(run.startNs).toBe(startNs);
  expect(run.state.successfulRequests).toBe(RATE * SECONDS);
  return compileMetrics({
    table: run.table,
    window: { startNs: run.startNs, endNs: run.state.endNs },
    strategyType: "constant",
    metricsArgs: { confidence: 0.95, slo: { ttft_ms: null, tpot_ms: null, e2el_ms: LIMIT * 1e3 } },
  });
}

/**
 * Time of a user who comes `offset` seconds after the start of the stall, in the fluid limit. The stall leaves a queue that
 * the cap then works off at twice the rate, so that all who come within twice its length wait, the first the longest.
 */
function analytic(offset: number): number {
  const length = STALL.to - STALL.from;
  return SERVICE + Math.max(0, length - offset / 2);
}

/** Percentile of what users feel: of all, the affected ones are those who wait longest. */
function analyticPercentile(percent: number): number {
  return analytic(((100 - percent) / 100) * SECONDS);
}

test.each([1, 2])(
  "a stall of 2 s is in the latency from the intended start, not in that from the send (%d workers)",
  async (workers) => {
    const metrics = await measure(CAP, workers);
    const { request_latency: sent, request_latency_from_intended: intended } = metrics;
    const percentile = intended.successful.percentiles?.p99 ?? Number.NaN;
    expect(Math.abs(percentile / analyticPercentile(99) - 1)).toBeLessThan(0.02);
    // The queue moves by batches of the cap, each as long as a service.
    expect(Math.abs((intended.successful.percentiles?.p95 ?? 0) - analyticPercentile(95))).toBeLessThan(SERVICE);
    // Ten requests of five thousand were in flight when the server stood still.
    expect(sent.successful.percentiles?.p99).toBeCloseTo(SERVICE, 6);
    expect(sent.successful.max).toBeGreaterThan(1.9);

    const firstTokens = metrics.time_to_first_token_from_intended_ms.successful.percentiles?.p99 ?? Number.NaN;
    const analyticFirst = (analyticPercentile(99) - SERVICE + FIRST_TOKEN) * 1e3;
    expect(Math.abs(firstTokens / analyticFirst - 1)).toBeLessThan(0.02);
    expect(metrics.time_to_first_token_ms.successful.percentiles?.p99).toBeCloseTo(FIRST_TOKEN * 1e3, 3);

    const affected = 2 * (STALL.to - STALL.from) - 2 * (LIMIT - SERVICE); // seconds of arrivals that wait too long
    expect(metrics.slo_attainment_from_intended).toBeCloseTo(1 - affected / SECONDS, 2);
    expect(metrics.slo_attainment).toBeCloseTo(1 - CAP / (RATE * SECONDS), 3);
    const goodput = metrics.request_goodput_from_intended?.successful.mean ?? 0;
    expect(goodput / (RATE * (1 - affected / SECONDS))).toBeCloseTo(1, 1);
    expect(metrics.request_goodput?.successful.mean).toBeGreaterThan(goodput);
  },
  60_000,
);

test("without a cap all leave in time, and both latencies agree", async () => {
  const metrics = await measure(null, 1);
  const [sent, intended] = [metrics.request_latency.successful, metrics.request_latency_from_intended.successful];
  expect(sent.percentiles).toEqual(intended.percentiles);
  // Of those who come within the stall each waits for its end: the worst hundredth is the first quarter of them.
  expect((sent.percentiles?.p99 ?? 0) / (SERVICE + STALL.to - STALL.from - SECONDS / 100)).toBeCloseTo(1, 1);
  expect(metrics.slo_attainment).toBe(metrics.slo_attainment_from_intended);
}, 60_000);

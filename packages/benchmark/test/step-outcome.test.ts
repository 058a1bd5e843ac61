import { RECORD_STATUS } from "@core/metrics";
import { describe, expect, test } from "@jest/globals";
import { stepOutcome } from "../src/run/step-outcome.js";
import { EPOCH_SECONDS, type GivenRequest, reportOf, resultOf, sequence, specOf } from "./support/measured.js";

const RATE = { type_: "constant", rate: 10, max_concurrency: null, rampup_duration: 0 } as const;

const WINDOW = { startNs: 0, endNs: 4e9 };

function outcomeOf(requests: readonly GivenRequest[], objectives: readonly string[], slo: object | null = null) {
  const spec = { ...specOf({ metrics: slo === null ? {} : { slo } }), objectives };
  const result = resultOf(requests, { strategy: RATE });
  return stepOutcome(result, reportOf(result, spec), () => WINDOW);
}

describe("what a profile is told about a step", () => {
  test("without objectives there is no evidence", () => {
    const outcome = outcomeOf(sequence(40), []);
    expect(outcome).toMatchObject({ attainment: null, goodputPerSecond: null, evidence: [], finishedRequests: 40 });
    expect(outcome.successfulRequestsPerSecond).toBeGreaterThan(9);
    expect(outcome.trend).toMatchObject({ sustained: "yes" });
  });

  test("its throughput in parts has the mean of the whole", () => {
    const result = resultOf(sequence(40));
    const report = reportOf(result);
    const window = {
      startNs: 1e9 * (report.start_time - EPOCH_SECONDS),
      endNs: 1e9 * (report.end_time - EPOCH_SECONDS),
    };
    const { outputTokenBlocks, outputTokensPerSecond } = stepOutcome(result, report, () => window);
    const blocks = outputTokenBlocks(40);
    expect(blocks).toHaveLength(40);
    expect(blocks.reduce((sum, rate) => sum + rate, 0) / 40).toBeCloseTo(outputTokensPerSecond ?? Number.NaN, 3);
  });

  test("a closed loop has no trend: it cannot fall behind", () => {
    const result = resultOf(sequence(40));
    expect(stepOutcome(result, reportOf(result), () => WINDOW).trend).toBeNull();
  });

  test("objectives of the metrics and of the list are evidence, in one form", () => {
    const requests = [...sequence(30), ...sequence(10, 0.05)];
    const { evidence, attainment } = outcomeOf(requests, ["ttft<=30ms@90%", "ttft.mean<=25ms"], { ttft_ms: 30 });
    expect(attainment).toEqual({ conforming: 30, determined: 40 });
    expect(evidence).toMatchObject([
      { objective: "slo", target: null, share: { conforming: 30, determined: 40 } },
      { objective: "ttft<=30ms@90%", target: 0.9, share: { conforming: 30, determined: 40 } },
      { objective: "ttft.mean<=25ms", limitMs: 25, meanMs: expect.closeTo(27.5, 6), requests: 40 },
    ]);
  });

  test("requests that were late when they were cut off count against the load", () => {
    const cut = { intended: 1, end: 4, status: RECORD_STATUS.cancelledStarted } as const;
    const { evidence, attainment } = outcomeOf([...sequence(10), cut, cut], ["ttft<=1s"], { ttft_ms: 1000 });
    expect(attainment).toEqual({ conforming: 10, determined: 10 });
    expect(evidence).toMatchObject([{ share: { determined: 12 } }, { share: { conforming: 10, determined: 12 } }]);
  });

  test("a constraint of scope all that stopped new requests is told apart from one that stopped those in flight", () => {
    const action = {
      requestQueuing: "stop",
      requestProcessing: "stop_all",
      stoppingScope: "all",
      metadata: { is_over_saturated: true },
      progress: resultOf([]).state.progress,
    } as const;
    const result = resultOf(sequence(20), { stopAll: true });
    const queuing = { ...result, state: { ...result.state, endQueuingConstraints: { over_saturation: action } } };
    const report = reportOf(result);
    expect(stepOutcome(result, report, () => WINDOW)).toMatchObject({
      stopAll: true,
      stopAllQueuing: false,
      overSaturation: null,
    });
    expect(stepOutcome(queuing, report, () => WINDOW).stopAllQueuing).toBe(true);
    const watched = { ...result, state: { ...result.state, schedulerConstraints: { over_saturation: action } } };
    expect(stepOutcome(watched, report, () => WINDOW).overSaturation).toEqual({ is_over_saturated: true });
  });
});

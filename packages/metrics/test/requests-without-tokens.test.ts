import { describe, expect, test } from "@jest/globals";
import { compileMetrics } from "../src/compile-metrics.js";
import type { MetricConventions } from "../src/distribution-summary.js";
import { RECORD_STATUS } from "../src/record-layout.js";
import { type GivenRequest, tableOf } from "./record-fixture.js";

const vector: GivenRequest = { resolveStart: 1, send: 1, end: 2, resolveEnd: 2, input: 50 };
const failed: GivenRequest = { ...vector, status: RECORD_STATUS.errored, input: null, errorCode: "X" };

function metricsOf(requests: readonly GivenRequest[], conventions: MetricConventions = "goodput") {
  const window = { startNs: 0, endNs: 10e9 };
  const metricsArgs = { confidence: 0.95, slo: null };
  return compileMetrics({ table: tableOf(requests), window, strategyType: "concurrent", metricsArgs, conventions });
}

describe("requests that have no output tokens, as those for vectors", () => {
  test("have no rate of them, no first token and no gaps: nothing in place of 0", () => {
    const metrics = metricsOf([vector, vector, failed]);
    for (const name of [
      ...(["output_token_count", "output_tokens_per_second", "time_to_first_token_ms"] as const),
      ...(["inter_token_latency_ms", "inter_token_gap_ms", "time_per_output_token_ms"] as const),
    ]) {
      const { successful, total } = metrics[name];
      expect([name, successful.mean, total.mean, total.percentiles.p50]).toEqual([name, null, null, null]);
      expect([name, successful.count]).toEqual([name, 0]);
    }
    expect(metrics.output_tokens_per_second.total.undefined_count).toBe(3);
    expect(metrics.output_tokens_per_second.errored.undefined_count).toBe(1);
  });

  test("have rates of requests and of input tokens, which are all tokens", () => {
    const metrics = metricsOf([vector, vector]);
    expect(metrics.requests_per_second.successful.mean).toBeCloseTo(0.2, 9);
    expect(metrics.request_latency.successful.mean).toBe(1);
    expect(metrics.prompt_tokens_per_second.total.mean).toBeCloseTo(10, 9);
    expect(metrics.tokens_per_second.total.mean).toBeCloseTo(10, 9);
  });
});

test("one request with a count makes a rate", () => {
  const text = { ...vector, firstToken: 1.5, lastToken: 2, tokenIterations: 5, output: 5 };
  expect(metricsOf([vector, text]).output_tokens_per_second.total.mean).toBeCloseTo(0.5, 9);
});

test("where nothing was served the rate is 0, and GuideLLM's always is", () => {
  expect(metricsOf([failed]).output_tokens_per_second.total.mean).toBe(0);
  expect(metricsOf([vector], "guidellm").output_tokens_per_second.total.mean).toBe(0);
});

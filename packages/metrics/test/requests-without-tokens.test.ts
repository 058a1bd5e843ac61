import { describe, expect, test } from "@jest/globals";
import { compileMetrics } from "../src/compile-metrics.js";
import type { MetricConventions } from "../src/distribution-summary.js";
import { RECORD_STATUS } from "../src/record-layout.js";
import { inputUsageRecord, outputUsageRecord } from "../src/usage-record.js";
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

describe("media", () => {
  const spoken: GivenRequest = {
    ...vector,
    input: null,
    media: { audio_tokens: 50, audio_seconds: 2, audio_bytes: 64_000 },
  };

  test("of the input have values, rates and concurrency; what nobody counted stays null", () => {
    const { audio, image, prompt_token_count } = metricsOf([spoken, spoken]);
    expect(audio.seconds.input?.successful.mean).toBe(2);
    expect(audio.seconds.input_per_second?.total.mean).toBeCloseTo(0.4, 9);
    expect(audio.bytes.input?.total.total_sum).toBe(128_000);
    expect(prompt_token_count.successful.mean).toBe(50);
    for (const nothing of [audio.samples.input, audio.seconds.output, audio.seconds.total, image.tokens.input]) {
      expect(nothing).toBeNull();
    }
  });

  test("stand in the record of a request, and those of another request are not left over", () => {
    const table = tableOf([spoken, vector, spoken]);
    const read = (row: number) => inputUsageRecord(table.fields(row));
    expect(read(0)).toMatchObject({ audio_tokens: 50, audio_seconds: 2, audio_samples: null, total_tokens: 50 });
    expect(read(1)).toMatchObject({ audio_tokens: null, audio_seconds: null, audio_bytes: null, total_tokens: 50 });
    expect(read(2)).toEqual(read(0));
    expect(outputUsageRecord(table.fields(0))).toMatchObject({ audio_tokens: null, audio_seconds: null });
  });
});

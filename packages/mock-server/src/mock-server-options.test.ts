import { describeFields } from "@core/registry";
import { describe, expect, test } from "@jest/globals";
import { MockServerError } from "./errors.js";
import { mockServerOptionsSchema, parseMockServerOptions } from "./mock-server-options.js";

function messageFor(input: unknown): string {
  try {
    parseMockServerOptions(input);
  } catch (error) {
    if (!MockServerError.isInstance(error)) throw error;
    expect(error.code).toBe("CORE_MOCK_SERVER_INVALID_OPTIONS");
    return error.message;
  }
  throw new Error("nothing was refused");
}

describe("parseMockServerOptions", () => {
  test("defaults", () => {
    expect(parseMockServerOptions({})).toEqual({
      ...{ host: "127.0.0.1", port: 8000, model: "goodput-mock", api_key: null, seed: 42 },
      ...{ ttft_ms: 50, ttft_ms_std: 0, itl_ms: 10, itl_ms_std: 0, latency_model: "normal" },
      ...{ engine: "own", itl_ms_per_sequence: 0, prefill_ms_per_token: 0, prefill_chunk_tokens: null },
      ...{ prefix_cache_tokens: 0, prefix_block_tokens: 16 },
      ...{ output_tokens: 128, output_tokens_std: 0, tokens_per_chunk: 1, reasoning_tokens: 0, empty_token_every: 0 },
      ...{
        failures: [],
        incidents: [],
        fail_after_requests: null,
        max_concurrent_requests: null,
        max_waiting_requests: null,
      },
      ...{ capture_requests: 0, log_request_received: false },
      ...{ embedding_dimensions: 128, audio_tokens_per_second: 25, audio_dialect: "vllm" },
      ...{ image_tokens: 576, video_tokens: 1024 },
      ...{ tool_calls: 1, tool_text_tokens: 0, tool_call_rate: 0, tool_call_missing_rate: 0 },
      ...{ omit_done: false, error_rate: 0, cut_rate: 0, hang_rate: 0, truth_log: true, truth_log_size: 100000 },
      ...{ tls_cert: null, tls_key: null },
    });
  });

  test("reads loose spellings and takes its own output again, the key included", () => {
    const options = parseMockServerOptions({ ttft_ms: "0.75", omit_done: "yes", api_key: "k-123" });
    expect(options).toMatchObject({ ttft_ms: 0.75, omit_done: true });
    expect(parseMockServerOptions(options).api_key?.reveal()).toBe("k-123");
    expect(JSON.stringify(options)).not.toContain("k-123");
  });

  test.each([
    [{ ttft_ms: -1 }, "mock-server.ttft_ms: must be >= 0, got -1"],
    [{ port: 70000 }, "mock-server.port: must be <= 65535, got 70000"],
    [{ output_tokens: 0 }, "mock-server.output_tokens: must be >= 1, got 0"],
    [{ itl_ms: "fast" }, 'mock-server.itl_ms: must be a finite number, got "fast"'],
    [{ error_rate: 1.5 }, "mock-server.error_rate: must be <= 1, got 1.5"],
    [{ latency_model: "gamma" }, 'mock-server.latency_model: must be one of constant, normal, lognormal, got "gamma"'],
    [{ ttftms: 5 }, 'mock-server.ttftms: unknown key (did you mean "ttft_ms"?)'],
    [{ tls_key: "key.pem" }, "tls_cert and tls_key go together"],
    [
      { cut_rate: 0.6, hang_rate: 0.6 },
      "error_rate, cut_rate, hang_rate and the rates of failures together must be <= 1",
    ],
  ])("refuses %j", (input, message) => {
    expect(messageFor(input)).toContain(message);
  });

  test("names all issues at once and never a key", () => {
    const message = messageFor({ seed: "x", tokens_per_chunk: 0, api_key: 12345678 });
    expect(message).toContain("mock-server.seed");
    expect(message).toContain("mock-server.tokens_per_chunk");
    expect(message).toContain("mock-server.api_key");
    expect(message).not.toContain("12345678");
  });
});

test("every option has a description and a default", () => {
  const fields = describeFields(mockServerOptionsSchema);
  expect(fields.length).toBeGreaterThan(20);
  for (const field of fields) {
    expect(field.required).toBe(false);
    expect(field.description).toMatch(/^[A-Z].+\.$/);
  }
});

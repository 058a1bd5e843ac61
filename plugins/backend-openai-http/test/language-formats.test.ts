import type { GenerationRequest, GenerationResponse, HistoryTurn } from "@core/backend";
import { type MockServer, type MockServerOptionsInput, startMockServer } from "@core/mock-server";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpArgsInput } from "../src/args/openai-http-args.js";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { failureOf, type Outcome, sendRequest, startBackend, textRequest } from "./support/send-request.js";

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Pair {
  readonly server: MockServer;
  readonly backend: OpenAIHttpBackend;
}

type Args = Partial<Omit<OpenAIHttpArgsInput, "kind" | "target">>;

/** A server with known timing, and a backend for it. */
async function pair(args: Args, options: MockServerOptionsInput = {}): Promise<Pair> {
  const server = await startMockServer({ port: 0, model: "tiny", ttft_ms: 0, itl_ms: 0, output_tokens: 8, ...options });
  open.push(() => server.close());
  const backend = await startBackend(server.url, args);
  open.push(() => backend.shutdown());
  return { server, backend };
}

const TOOL = {
  type: "function",
  function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
};
const FORMATS = ["/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/messages"] as const;
const WITH_PARTS = ["/v1/chat/completions", "/v1/responses", "/v1/messages"] as const;

function ofLength(tokens: number): GenerationRequest {
  return textRequest({ outputMetrics: { ...textRequest().outputMetrics, text_tokens: tokens } });
}

function toolTurn(): GenerationRequest {
  return textRequest({ turnType: "client_tool_call", columns: { text_column: ["Oslo?"], tools_column: [[TOOL]] } });
}

function answerOf({ terminal }: Outcome): GenerationResponse {
  expect(terminal).toMatchObject({ type: "final" });
  return terminal.response as GenerationResponse;
}

describe.each(FORMATS)("%s", (request_format) => {
  test("a stream: text, counts and tokens are what the server wrote", async () => {
    const { server, backend } = await pair({ request_format }, { itl_ms: 1 });
    const outcome = await sendRequest(backend);
    const [truth] = server.truthLog();
    expect(answerOf(outcome)).toMatchObject({
      text: " the of and to in is that for",
      reasoningText: null,
      toolCalls: null,
      finishReason: "stop",
      inputMetrics: { text_tokens: truth?.promptTokens },
      outputMetrics: { text_tokens: truth?.outputTokens, text_words: 8 },
    });
    expect(outcome.timings.tokenIterations).toBe(truth?.tokenWritesNs.length);
    expect(outcome.timings.firstOutputTokenNs).toBe(outcome.timings.firstTokenNs);
  });

  test("several tokens in one event are one event and all of the tokens", async () => {
    const { server, backend } = await pair({ request_format }, { tokens_per_chunk: 3 });
    const outcome = await sendRequest(backend);
    expect(answerOf(outcome).outputMetrics.text_tokens).toBe(8);
    expect(outcome.timings.tokenIterations).toBe(4);
    expect(server.truthLog()[0]?.tokenWritesNs).toHaveLength(4);
  });

  test("not streamed", async () => {
    const { backend } = await pair({ request_format, stream: false });
    const { terminal, timings } = await sendRequest(backend);
    expect(terminal.response).toMatchObject({
      text: " the of and to in is that for",
      finishReason: "stop",
      outputMetrics: { text_tokens: 8 },
    });
    expect([timings.tokenIterations, Number.isNaN(timings.endNs)]).toEqual([0, false]);
  });

  test("a requested length is exact, max_tokens limits the others", async () => {
    const { backend } = await pair({ request_format, max_tokens: 3 });
    const exact = answerOf(await sendRequest(backend, { request: ofLength(20) }));
    expect([exact.outputMetrics.text_tokens, exact.finishReason]).toEqual([20, "length"]);
    const limited = answerOf(await sendRequest(backend));
    expect([limited.outputMetrics.text_tokens, limited.finishReason]).toEqual([3, "length"]);
  });

  test("a cut in mid-stream keeps what had arrived", async () => {
    const { backend } = await pair({ request_format }, { itl_ms: 600_000 });
    const abort = new AbortController();
    const outcome = await sendRequest(backend, { signal: abort.signal, onEvent: () => abort.abort() });
    expect(failureOf(outcome)).toMatchObject({ reason: "cancelled", response: { text: " the" } });
    expect(outcome.timings.tokenIterations).toBe(1);
    expect(outcome.timings.endNs).not.toBeNaN();
  });

  test.each([
    [{ cut_rate: 1 }, "OPENAI_HTTP_CONNECTION_LOST"],
    [{ error_rate: 1 }, "OPENAI_HTTP_SERVER_ERROR"],
    [{ hang_rate: 1 }, "OPENAI_HTTP_FIRST_BYTE_TIMEOUT"],
    [{ model: "other" }, "OPENAI_HTTP_NOT_FOUND"],
    [{ api_key: "another-key" }, "OPENAI_HTTP_UNAUTHORIZED"],
  ] as const)("%j has its own error", async (options, code) => {
    const { backend } = await pair({ request_format, timeout: 0.2, api_key: "wrong-key-123" }, options);
    const outcome = await sendRequest(backend);
    expect(failureOf(outcome)).toMatchObject({ reason: "errored", failure: { code } });
    expect(JSON.stringify([outcome.terminal, backend.info])).not.toContain("wrong-key");
  });

  test("a conversation of three turns carries the earlier ones", async () => {
    const { server, backend } = await pair({ request_format });
    const history: HistoryTurn[] = [];
    for (const text of ["one", "two three", "four"]) {
      const request = textRequest({ columns: { text_column: [text] } });
      const response = answerOf(await sendRequest(backend, { request, history: [...history] }));
      history.push({ request, response });
    }
    expect(server.truthLog().map(({ promptTokens }) => promptTokens)).toEqual([1, 1 + 8 + 2, 1 + 8 + 2 + 8 + 1]);
  });
});

describe.each(WITH_PARTS)("reasoning and tools of %s", (request_format) => {
  test("reasoning comes before the first output token, and is sent again as asked for", async () => {
    for (const [multiturn_reasoning, words] of [
      [false, 1 + 6 + 1],
      [true, 1 + 9 + 1],
      ["[{reasoning}] ", 1 + 9 + 1],
      ["structured", 1 + (request_format === "/v1/responses" ? 8 : 6) + 1], // the others leave it out of the prompt
    ] as const) {
      const { server, backend } = await pair(
        { request_format, multiturn_reasoning },
        { reasoning_tokens: 2, itl_ms: 1 },
      );
      const first = await sendRequest(backend);
      expect(answerOf(first)).toMatchObject({ text: " and to in is that for", reasoningText: " the of" });
      const { firstTokenNs, firstOutputTokenNs, tokenTimesNs } = first.timings;
      expect([firstTokenNs, firstOutputTokenNs]).toEqual([tokenTimesNs[0], tokenTimesNs[2]]);
      expect(first.timings.tokenIterations).toBe(8);
      const history = [{ request: textRequest(), response: answerOf(first) }];
      await sendRequest(backend, { history });
      expect(server.truthLog()[1]?.promptTokens).toBe(words);
    }
  });

  test("calls are put together, and their results go with the next request", async () => {
    const { server, backend } = await pair(
      { request_format },
      { output_tokens: 12, tool_calls: 2, tool_text_tokens: 2 },
    );
    const request = toolTurn();
    const outcome = await sendRequest(backend, { request });
    const response = answerOf(outcome);
    expect(response).toMatchObject({
      text: " the of",
      finishReason: "tool_calls",
      outputMetrics: { text_tokens: 12, tool_call_count: 2, mixed_content_tool_tokens: 12 },
    });
    for (const call of response.toolCalls ?? []) {
      expect(call).toMatchObject({ id: expect.stringMatching(/^call_/), function: { name: "get_weather" } });
      expect(JSON.parse(call.function.arguments)).toEqual({ city: expect.any(String) });
    }
    const inject = textRequest({
      turnType: "tool_response_injection",
      columns: { tool_response_column: ["4 degrees"] },
    });
    const next = await sendRequest(backend, { request: inject, history: [{ request, response }] });
    expect(answerOf(next)).toMatchObject({ finishReason: "stop" });
    expect(server.truthLog()).toHaveLength(2);
    const sent = next.terminal.response.requestArgs ?? "";
    expect(sent.match(/4 degrees/g)).toHaveLength(1);
    expect(sent.match(/"\{\\"status\\": \\"ok\\"\}"/g)).toHaveLength(1); // the second call has no result in the data
    for (const { id } of response.toolCalls ?? []) expect(sent.split(id)).toHaveLength(3);
  });

  test("a call without text is output from its first token on", async () => {
    const { backend } = await pair({ request_format }, { output_tokens: 6, itl_ms: 1 });
    const { terminal, timings } = await sendRequest(backend, { request: toolTurn() });
    expect(terminal.response).toMatchObject({ text: null, outputMetrics: { tool_call_tokens: 6, tool_call_count: 1 } });
    expect(timings.firstOutputTokenNs).toBe(timings.firstTokenNs);
    expect(timings.tokenIterations).toBe(6);
  });

  test.each([
    ["error_stop", true, "errored"],
    ["error_stop", false, "errored"],
    ["ignore_stop", true, "cancelled"],
    ["ignore_stop", false, "cancelled"],
    ["ignore_continue", true, "final"],
    ["ignore_continue", false, "final"],
  ] as const)("a missing call with %s, stream %s: %s", async (tool_call_missing_behavior, stream, expected) => {
    const { backend } = await pair(
      { request_format, stream, tool_call_missing_behavior },
      { tool_call_missing_rate: 1 },
    );
    const { terminal } = await sendRequest(backend, { request: toolTurn() });
    expect(terminal.type === "partial" ? terminal.reason : terminal.type).toBe(expected);
    if (terminal.type === "partial") expect(terminal.failure.code).toBe("OPENAI_HTTP_TOOL_CALL_MISSING");
    expect(terminal.response).toMatchObject({
      text: " the of and to in is that for",
      outputMetrics: { tool_call_count: 0, text_tokens: 8 },
    });
  });

  test("tools of the server are sent, and no call is expected", async () => {
    const { backend } = await pair({ request_format, extras: { body: { tools: [], temperature: 0 } } });
    const request = textRequest({ turnType: "server_tool_call" });
    expect(answerOf(await sendRequest(backend, { request })).outputMetrics.tool_call_count).toBeNull();
  });
});

test("a conversation that the server of /v1/responses keeps: texts are sent once", async () => {
  const { server, backend } = await pair(
    { request_format: "/v1/responses", server_history: true },
    { output_tokens: 6 },
  );
  const request = toolTurn();
  const first = answerOf(await sendRequest(backend, { request }));
  const inject = textRequest({ turnType: "tool_response_injection", columns: { tool_response_column: ["4 degrees"] } });
  const history = [{ request, response: first }];
  const second = answerOf(await sendRequest(backend, { request: inject, history }));
  const next = await sendRequest(backend, { history: [...history, { request: inject, response: second }] });
  expect(server.truthLog().map(({ promptTokens }) => promptTokens)).toEqual([1, 1 + 6 + 2, 1 + 6 + 2 + 6 + 1]);
  expect(JSON.parse(next.terminal.response.requestArgs ?? "")).toMatchObject({
    body: { previous_response_id: second.responseId, input: [{ role: "user", content: [{ text: "hello" }] }] },
  });
});

import { type MockServer, startMockServer } from "@core/mock-server";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpBackend } from "../src/index.js";
import { failureOf, sendRequest, startBackend, textRequest } from "./support/send-request.js";

/** Tokens of a reply. */
const TOKENS = 6;
/** Tokens before a failure within the reply. */
const BEFORE = 2;

/** A stall without an end. */
const STALL = /do=stall(?!.*stall_ms)/;

let server: MockServer;
const open: OpenAIHttpBackend[] = [];

beforeAll(async () => {
  server = await startMockServer({ port: 0, ttft_ms: 0, itl_ms: 1, output_tokens: TOKENS });
});

afterAll(() => server.close());

afterEach(async () => {
  for (const backend of open.splice(0)) await backend.shutdown();
});

interface Sent {
  readonly stream?: boolean;
  readonly request_format?: string;
}

async function send(failure: string, { stream = true, request_format = "/v1/chat/completions" }: Sent = {}) {
  const backend = await startBackend(server.url, {
    ...{ model: "goodput-mock", request_format, timeout: STALL.test(failure) ? 1 : null },
    extras: { headers: { "x-mock-failure": failure }, ...(stream ? {} : { stream: false }) },
  });
  open.push(backend);
  return sendRequest(backend, { request: textRequest() });
}

const words = (count: number) => expect.stringMatching(new RegExp(`^( \\w+){${count}}$`));

describe("every failure of the mock server has its code, its phase and what had arrived", () => {
  test.each([
    ["at=connect,do=reset", "OPENAI_HTTP_CONNECTION_LOST", 0],
    ["at=connect,do=cut", "OPENAI_HTTP_CONNECTION_LOST", 0],
    ["at=headers,do=reset", "OPENAI_HTTP_CONNECTION_LOST", 0],
    ["at=headers,do=cut", "OPENAI_HTTP_CONNECTION_LOST", 0],
    ["at=headers,do=stall", "OPENAI_HTTP_FIRST_BYTE_TIMEOUT", 0],
    ["at=headers,do=html", "OPENAI_HTTP_MALFORMED", 0],
    ["at=headers,do=status,status=404", "OPENAI_HTTP_NOT_FOUND", 0],
    ["at=headers,do=status,status=429,retry_after=3", "OPENAI_HTTP_RATE_LIMITED", 0],
    ["at=headers,do=status,status=503", "OPENAI_HTTP_SERVER_ERROR", 0],
    [`at=tokens,do=cut,after_tokens=${BEFORE}`, "OPENAI_HTTP_CONNECTION_LOST", BEFORE],
    [`at=tokens,do=finish,after_tokens=${BEFORE}`, "OPENAI_HTTP_TRUNCATED", BEFORE],
    [`at=tokens,do=stall,after_tokens=${BEFORE}`, "OPENAI_HTTP_READ_TIMEOUT", BEFORE],
    [`at=tokens,do=error,after_tokens=${BEFORE}`, "OPENAI_HTTP_STREAM_ERROR", BEFORE],
    [`at=tokens,do=garbage,after_tokens=${BEFORE}`, "OPENAI_HTTP_MALFORMED", BEFORE],
    ["at=end,do=error", "OPENAI_HTTP_STREAM_ERROR", TOKENS],
    ["at=end,do=garbage", "OPENAI_HTTP_MALFORMED", TOKENS],
    ["at=end,do=stall", "OPENAI_HTTP_READ_TIMEOUT", TOKENS],
    ["at=end,do=cut", "OPENAI_HTTP_CONNECTION_LOST", TOKENS],
  ])("streamed, %s: %s after %i tokens", async (failure, code, tokens) => {
    const outcome = await send(failure);
    const partial = failureOf(outcome);
    expect(partial).toMatchObject({ reason: "errored", failure: { code } });
    expect(outcome.timings.tokenIterations).toBe(tokens);
    expect(partial.response.text ?? "").toEqual(tokens === 0 ? "" : words(tokens));
  });

  test("a stream whose tokens are all there and whose mark is missing is complete: it has a finish reason", async () => {
    const { terminal, timings } = await send("at=end,do=finish");
    expect([terminal.type, timings.tokenIterations]).toEqual(["final", TOKENS]);
  });

  test.each([
    ["at=tokens,do=cut", "OPENAI_HTTP_CONNECTION_LOST"],
    ["at=tokens,do=error", "OPENAI_HTTP_BODY_ERROR"],
    ["at=tokens,do=garbage", "OPENAI_HTTP_MALFORMED"],
    ["at=tokens,do=stall", "OPENAI_HTTP_FIRST_BYTE_TIMEOUT"],
    ["at=end,do=finish", "OPENAI_HTTP_MALFORMED"],
    ["at=end,do=cut", "OPENAI_HTTP_CONNECTION_LOST"],
    ["at=end,do=stall", "OPENAI_HTTP_READ_TIMEOUT"],
  ])("whole, %s: %s", async (failure, code) => {
    expect(failureOf(await send(failure, { stream: false })).failure).toMatchObject({ code });
  });

  test.each([
    ["/v1/responses", `at=tokens,do=error,after_tokens=${BEFORE}`, "OPENAI_HTTP_STREAM_ERROR"],
    ["/v1/messages", `at=tokens,do=error,after_tokens=${BEFORE}`, "OPENAI_HTTP_STREAM_ERROR"],
    ["/v1/embeddings", "at=headers,do=status,status=500", "OPENAI_HTTP_SERVER_ERROR"],
    ["/v1/embeddings", "at=tokens,do=error", "OPENAI_HTTP_BODY_ERROR"],
    ["/v1/embeddings", "at=end,do=cut", "OPENAI_HTTP_CONNECTION_LOST"],
  ])("%s, %s: %s", async (request_format, failure, code) => {
    expect(failureOf(await send(failure, { request_format })).failure).toMatchObject({ code });
  });
});

describe("what is late or slow is no failure", () => {
  test.each([
    ["at=headers,do=stall,stall_ms=20"],
    [`at=tokens,do=stall,after_tokens=${BEFORE},stall_ms=20`],
    [`at=tokens,do=drip,after_tokens=${BEFORE},stall_ms=0.1`],
    ["at=end,do=stall,stall_ms=20"],
  ])("%s", async (failure) => {
    const { terminal, timings } = await send(failure);
    expect(terminal).toMatchObject({ type: "final", response: { text: words(TOKENS) } });
    expect(timings.tokenIterations).toBe(TOKENS);
  });
});

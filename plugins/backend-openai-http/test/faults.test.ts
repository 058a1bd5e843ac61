import type { Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpArgsInput } from "../src/args/openai-http-args.js";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { readFixture } from "./support/fixtures.js";
import { chunk, delta, LAST_CHUNK, type RawServer, reply, STREAM_HEAD, startRawServer } from "./support/raw-server.js";
import { failureOf, type Outcome, sendRequest, startBackend, textRequest } from "./support/send-request.js";

const open: (OpenAIHttpBackend | RawServer)[] = [];

describe.each(["direct", "undici"] as const)("over %s", (transport) => {
  afterEach(async () => {
    for (const resource of open.splice(0).reverse())
      await ("shutdown" in resource ? resource.shutdown() : resource.close());
  });

  async function exchange(
    answer: (socket: Socket) => void,
    args: Partial<OpenAIHttpArgsInput> = {},
    request = textRequest(),
  ): Promise<Outcome> {
    const server = await startRawServer(answer);
    const backend = await startBackend(server.url, { transport, ...args });
    open.push(server, backend);
    return sendRequest(backend, { request });
  }

  const TWO_TOKENS =
    chunk(delta({ role: "assistant", content: "" })) + chunk(delta({ content: "a" })) + chunk(delta({ content: "b" }));

  /** Name, what the server does, expected failure, expected text so far. */
  const CASES: readonly (readonly [string, (socket: Socket) => void, object, string])[] = [
    [
      "status 404 with an error object",
      (socket) => socket.write(reply(404, '{"error":{"message":"no such model","type":"NotFoundError","code":404}}')),
      {
        code: "OPENAI_HTTP_NOT_FOUND",
        message: "The server answered with status 404: no such model (NotFoundError 404)",
        phase: "body",
        status: 404,
        body: '{"error":{"message":"no such model","type":"NotFoundError","code":404}}',
      },
      "",
    ],
    [
      "status 400 with a long body",
      (socket) => socket.write(reply(400, "x".repeat(5000), { "content-type": "text/plain" })),
      { code: "OPENAI_HTTP_CLIENT_ERROR", status: 400, body: "x".repeat(1024) },
      "",
    ],
    [
      "status 401 with an error string",
      (socket) => socket.write(reply(401, '{"error":"Unauthorized"}')),
      { code: "OPENAI_HTTP_UNAUTHORIZED", message: "The server answered with status 401: Unauthorized" },
      "",
    ],
    [
      "status 429 with retry-after",
      (socket) => socket.write(reply(429, "", { "retry-after": "7" })),
      { code: "OPENAI_HTTP_RATE_LIMITED", status: 429, retryAfterSeconds: 7 },
      "",
    ],
    [
      "status 503 as recorded",
      (socket) => socket.end(readFixture("overload-503.http")),
      { code: "OPENAI_HTTP_SERVER_ERROR", status: 503, message: expect.stringContaining("currently busy") },
      "",
    ],
    [
      "status 404 of the framework",
      (socket) => socket.write(reply(404, '{"detail":"Not Found"}')),
      { code: "OPENAI_HTTP_NOT_FOUND", message: "The server answered with status 404: Not Found" },
      "",
    ],
    [
      "redirect without a location",
      (socket) => socket.write(reply(302, "")),
      { code: "OPENAI_HTTP_UNEXPECTED_STATUS", status: 302 },
      "",
    ],
    [
      "error object in the stream, then [DONE]",
      (socket) => socket.end(readFixture("engine-death-chat.http")),
      {
        code: "OPENAI_HTTP_STREAM_ERROR",
        status: 200,
        phase: "stream",
        message: expect.stringContaining("EngineCore encountered an issue"),
      },
      " dido did",
    ],
    [
      "error object with status 200",
      (socket) => socket.write(reply(200, '{"error":{"message":"boom"}}')),
      { code: "OPENAI_HTTP_BODY_ERROR", phase: "body", status: 200 },
      "",
    ],
    [
      "event that is not JSON",
      (socket) => socket.write(STREAM_HEAD + TWO_TOKENS + chunk("data: {nope}\n\n") + LAST_CHUNK),
      { code: "OPENAI_HTTP_MALFORMED", phase: "stream", body: "{nope}" },
      "ab",
    ],
    [
      "event that is not an object",
      (socket) => socket.write(STREAM_HEAD + chunk("data: 5\n\n") + LAST_CHUNK),
      { code: "OPENAI_HTTP_MALFORMED", phase: "stream", body: "5" },
      "",
    ],
    [
      "page of HTML",
      (socket) => socket.write(reply(200, "<html>", { "content-type": "text/html; charset=utf-8" })),
      { code: "OPENAI_HTTP_MALFORMED", phase: "body", body: "<html>" },
      "",
    ],
    [
      "stream that ends between tokens",
      (socket) => socket.write(STREAM_HEAD + TWO_TOKENS + LAST_CHUNK),
      { code: "OPENAI_HTTP_TRUNCATED", phase: "stream", status: 200 },
      "ab",
    ],
    [
      "stream that ends within an event",
      (socket) => socket.write(STREAM_HEAD + TWO_TOKENS + chunk('data: {"cho') + LAST_CHUNK),
      { code: "OPENAI_HTTP_TRUNCATED", phase: "stream" },
      "ab",
    ],
    [
      "empty stream",
      (socket) => socket.write(STREAM_HEAD + LAST_CHUNK),
      { code: "OPENAI_HTTP_TRUNCATED", phase: "stream" },
      "",
    ],
    [
      "only [DONE]",
      (socket) => socket.write(`${STREAM_HEAD}${chunk("data: [DONE]\n\n")}${LAST_CHUNK}`),
      { code: "OPENAI_HTTP_UNUSABLE", phase: "validate", status: 200 },
      "",
    ],
    [
      "connection closed in the stream",
      (socket) => socket.end(STREAM_HEAD + TWO_TOKENS),
      { code: "OPENAI_HTTP_CONNECTION_LOST", phase: "stream", status: 200 },
      "ab",
    ],
    [
      "connection closed before the head",
      (socket) => socket.end(),
      { code: "OPENAI_HTTP_CONNECTION_LOST", phase: "first_byte" },
      "",
    ],
    [
      "connection reset before the head",
      (socket) => socket.resetAndDestroy(),
      { code: "OPENAI_HTTP_CONNECTION_LOST", phase: "first_byte" },
      "",
    ],
    [
      "connection closed in the body",
      (socket) => socket.end(reply(200, '{"choices": []}').slice(0, -3)),
      { code: "OPENAI_HTTP_CONNECTION_LOST", phase: "body" },
      "",
    ],
    [
      "no HTTP",
      (socket) => socket.end("SSH-2.0-server\r\n"),
      { code: "OPENAI_HTTP_PROTOCOL_ERROR", phase: "first_byte" },
      "",
    ],
    [
      "chunk size that is none",
      (socket) => socket.write(`${STREAM_HEAD + TWO_TOKENS}zz\r\n`),
      { code: "OPENAI_HTTP_PROTOCOL_ERROR", phase: "stream" },
      "ab",
    ],
    [
      "compressed response",
      (socket) => socket.write(reply(200, "xx", { "content-encoding": "gzip" })),
      { code: "OPENAI_HTTP_COMPRESSED", phase: "body", status: 200 },
      "",
    ],
  ];

  describe("a fault of the server", () => {
    test.each(CASES)("%s", async (_name, answer, failure, text) => {
      const outcome = await exchange(answer);
      const partial = failureOf(outcome);
      expect(partial.reason).toBe("errored");
      expect(partial.failure).toMatchObject(failure);
      expect(partial.response.text).toBe(text);
      expect(partial.response.requestArgs).toContain('"messages"');
      expect(outcome.timings.endNs).not.toBeNaN();
    });

    test("no head within the timeout", async () => {
      const { failure } = failureOf(await exchange(() => {}, { timeout: 0.05 }));
      expect(failure).toMatchObject({ code: "OPENAI_HTTP_FIRST_BYTE_TIMEOUT", phase: "first_byte" });
    });

    const EMPTY = chunk(delta({ role: "assistant", content: "" })) + chunk(": still here\n\n");
    const TOKEN = chunk(delta({ content: "a" }));
    const repeat = (socket: Socket, text: string) => {
      socket.write(STREAM_HEAD + text);
      const beat = setInterval(() => socket.write(text), 10);
      socket.on("close", () => clearInterval(beat));
    };

    test.each([
      ["timeout_first_token", "FIRST_TOKEN", "first_byte", EMPTY, /^$/],
      ["timeout_total", "TOTAL", "stream", TOKEN, /^a+$/],
    ] as const)("a stream that never falls silent is ended by %s", async (name, code, phase, text, said) => {
      const outcome = await exchange((socket) => repeat(socket, text), { [name]: 0.1, timeout: 5 });
      const { failure, response } = failureOf(outcome);
      expect(failure).toMatchObject({ code: `OPENAI_HTTP_${code}_TIMEOUT`, phase, status: 200 });
      expect(failure.message).toContain(`0.1 s`);
      expect(response?.text ?? "").toMatch(said);
    });

    test("tokens that stop coming are a stall, whatever else comes", async () => {
      const outcome = await exchange(
        (socket) => {
          socket.write(STREAM_HEAD + TWO_TOKENS);
          const beat = setInterval(() => socket.write(EMPTY), 10);
          socket.on("close", () => clearInterval(beat));
        },
        { timeout_stall: 0.1, timeout: 5 },
      );
      const { failure, response } = failureOf(outcome);
      expect(failure).toMatchObject({ code: "OPENAI_HTTP_STALL_TIMEOUT", phase: "stream", status: 200 });
      expect(response?.text).toBe("ab");
    });

    test("no limit of its own ends a request that keeps to all of them", async () => {
      const answer = STREAM_HEAD + TWO_TOKENS + chunk("data: [DONE]\n\n") + LAST_CHUNK;
      const limits = { timeout_first_token: 30, timeout_stall: 30, timeout_total: 30 };
      const outcome = await exchange((socket) => socket.end(answer), limits);
      expect(outcome.terminal).toMatchObject({ type: "final" });
    });

    test("a stream that stalls for longer than the timeout keeps its tokens", async () => {
      const outcome = await exchange((socket) => socket.write(STREAM_HEAD + TWO_TOKENS), { timeout: 0.05 });
      const { failure, response } = failureOf(outcome);
      expect(failure).toMatchObject({ code: "OPENAI_HTTP_READ_TIMEOUT", phase: "stream" });
      expect(response.text).toBe("ab");
      expect(outcome.timings.tokenIterations).toBe(2);
      expect(outcome.events[0]).toEqual({ type: "first-token", atNs: outcome.timings.firstTokenNs });
    });

    test("a TLS handshake that is never answered", async () => {
      const server = await startRawServer(() => {});
      const args = { transport, timeout_connect: 0.05 };
      const backend = await startBackend(server.url.replace("http:", "https:"), args);
      open.push(server, backend);
      expect(failureOf(await sendRequest(backend)).failure).toMatchObject({
        code: "OPENAI_HTTP_CONNECT_TIMEOUT",
        phase: "connect",
      });
      expect(backend.transportStats).toMatchObject({ connectionsFailed: 1, requestsInFlight: 0 });
    });

    test("connection refused", async () => {
      const server = await startRawServer(() => {});
      await server.close();
      const backend = await startBackend(server.url, { transport });
      open.push(backend);
      const outcome = await sendRequest(backend);
      expect(failureOf(outcome).failure).toMatchObject({
        code: "OPENAI_HTTP_CONNECT_FAILED",
        phase: "connect",
        message: expect.stringContaining("ECONNREFUSED"),
      });
      expect(outcome.timings.sendNs).toBeNaN();
    });

    test.each([
      ["ignore_continue", "final", null],
      ["ignore_stop", "partial", "cancelled"],
      ["error_stop", "partial", "errored"],
    ] as const)("missing tool call with %s", async (tool_call_missing_behavior, type, reason) => {
      const body = STREAM_HEAD + TWO_TOKENS + chunk(delta({}, "stop")) + chunk("data: [DONE]\n\n") + LAST_CHUNK;
      const request = textRequest({ turnType: "client_tool_call" });
      const { terminal } = await exchange((socket) => socket.write(body), { tool_call_missing_behavior }, request);
      expect(terminal.type).toBe(type);
      expect(terminal.response).toMatchObject({ text: "ab", outputMetrics: { tool_call_count: 0 } });
      if (terminal.type === "partial") {
        expect(terminal.reason).toBe(reason);
        expect(terminal.failure.code).toBe("OPENAI_HTTP_TOOL_CALL_MISSING");
      }
    });
  });
});

import type { Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpArgsInput } from "../src/args/openai-http-args.js";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { readFixture } from "./support/fixtures.js";
import { chunk, delta, LAST_CHUNK, type RawServer, reply, STREAM_HEAD, startRawServer } from "./support/raw-server.js";
import { failureOf, type Outcome, type SendOptions, sendRequest, startBackend } from "./support/send-request.js";

const open: (OpenAIHttpBackend | RawServer)[] = [];

describe.each(["direct", "undici"] as const)("over %s", (transport) => {
  afterEach(async () => {
    for (const resource of open.splice(0).reverse())
      await ("shutdown" in resource ? resource.shutdown() : resource.close());
  });

  async function exchange(
    answer: (socket: Socket) => void,
    args: Partial<OpenAIHttpArgsInput> = {},
    options: SendOptions = {},
  ): Promise<Outcome> {
    const server = await startRawServer(answer);
    const backend = await startBackend(server.url, { transport, ...args });
    open.push(server, backend);
    return sendRequest(backend, options);
  }

  const DONE = chunk("data: [DONE]\n\n") + LAST_CHUNK;

  describe("a stream", () => {
    test("as recorded, in one piece", async () => {
      const { terminal, timings } = await exchange((socket) => socket.write(readFixture("chat-stream.http")));
      expect(terminal.type).toBe("final");
      expect(terminal.response).toMatchObject({ text: " dido dido dido", finishReason: "length" });
      expect(timings.tokenIterations).toBe(6);
      expect(timings.freshConnection).toBe(true);
      expect(timings.responseBytes).toBeGreaterThan(1000);
    });

    test("as recorded, byte by byte", async () => {
      const bytes = readFixture("chat-stream.http");
      const { terminal, timings } = await exchange((socket) => {
        let at = 0;
        const next = () => {
          at += 1;
          if (at <= bytes.length) socket.write(bytes.subarray(at - 1, at), next);
        };
        next();
      });
      expect(terminal).toMatchObject({ type: "final", response: { text: " dido dido dido" } });
      expect(timings.tokenIterations).toBe(6);
    });

    test("comments while queued are neither events nor tokens", async () => {
      const { terminal, timings } = await exchange((socket) => socket.end(readFixture("chat-keepalive.http")));
      expect(terminal).toMatchObject({
        type: "final",
        response: { responseMetrics: { queue_time_ms: expect.any(Number) } },
      });
      expect(timings.iterations).toBe(timings.tokenIterations + 3); // role, usage, [DONE]
    });

    test("stamps rise, and all of them are set", async () => {
      let goOn: () => void = () => {};
      const answer = (socket: Socket) => {
        socket.write(STREAM_HEAD + chunk(delta({ role: "assistant", content: "" })));
        setImmediate(() => socket.write(chunk(delta({ reasoning: "r" }))));
        goOn = () => socket.write(chunk(delta({ content: "a" }, "stop")) + DONE);
      };
      const onEvent = ({ type }: { readonly type: string }) => type === "first-token" && goOn();
      const { events, timings } = await exchange(answer, {}, { onEvent });
      const { connectStartNs, connectEndNs, sendNs, firstByteNs, firstTokenNs, firstOutputTokenNs, endNs } = timings;
      const stamps = [connectStartNs, connectEndNs, sendNs, firstByteNs, firstTokenNs, firstOutputTokenNs, endNs];
      expect(stamps).toEqual([...stamps].sort((left, right) => left - right));
      expect(firstTokenNs).toBeLessThan(firstOutputTokenNs);
      expect(events.map(({ type }) => type)).toEqual(["first-token", "final"]);
      expect([...timings.tokenTimesNs.subarray(0, 2)]).toEqual([firstTokenNs, firstOutputTokenNs]);
    });

    test.each(["data: [DONE]\n\n", "data:[DONE]\n\n", "data: [DONE] \r\n\r\n", "data: [DONE]"])(
      "end marker %j",
      async (marker) => {
        const { terminal } = await exchange((socket) =>
          socket.write(STREAM_HEAD + chunk(delta({ content: "a" })) + chunk(marker) + LAST_CHUNK),
        );
        expect(terminal.type).toBe("final");
      },
    );

    test("a finish reason replaces a missing end marker", async () => {
      const { terminal } = await exchange((socket) =>
        socket.write(STREAM_HEAD + chunk(delta({ content: "a" }, "stop")) + LAST_CHUNK),
      );
      expect(terminal).toMatchObject({ type: "final", response: { finishReason: "stop" } });
    });

    test("a server that keeps the response open after the end marker does not hold the request", async () => {
      const { terminal, timings } = await exchange((socket) =>
        socket.write(STREAM_HEAD + chunk(delta({ content: "a" }, "stop")) + chunk("data: [DONE]\n\n")),
      );
      expect(terminal.type).toBe("final");
      expect(timings.endNs).toBe(timings.lastIterationNs);
    });

    test("a body that ends with the connection", async () => {
      const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
      const { terminal } = await exchange((socket) =>
        socket.end(`${head}${delta({ content: "a" }, "stop")}data: [DONE]\n\n`),
      );
      expect(terminal.type).toBe("final");
    });

    test("JSON in place of a stream is read as JSON", async () => {
      const { terminal, timings } = await exchange((socket) =>
        socket.write(reply(200, readFixture("chat-nonstream.json").toString("utf8"))),
      );
      expect(terminal).toMatchObject({
        type: "final",
        response: { text: " dido dido", outputMetrics: { text_tokens: 4 } },
      });
      expect(timings.tokenIterations).toBe(0);
    });

    test.each([
      [{ stream: false }],
      [{ extras: { stream: false } }],
      [{ extras: { body: { stream: false } } }],
      [{ extras: { body: { stream: null, stream_options: null } } }],
    ] as const)("is not asked for with %j", async (args) => {
      const server = await startRawServer((socket) =>
        socket.write(reply(200, readFixture("completion-nonstream.json").toString())),
      );
      const backend = await startBackend(server.url, { transport, ...args, request_format: "/v1/completions" });
      open.push(server, backend);
      const { events, timings } = await sendRequest(backend);
      expect(events.map(({ type }) => type)).toEqual(["final"]);
      expect(timings.firstTokenNs).toBeNaN();
      expect(timings.endNs).not.toBeNaN();
      const sent = JSON.parse(server.requests[0]?.body ?? "");
      expect(sent.stream ?? false).toBe(false);
      expect(sent).not.toHaveProperty("stream_options");
    });

    test("texts are left out when nobody reads them; counts stay", async () => {
      const { terminal } = await exchange(
        (socket) => socket.write(readFixture("chat-stream.http")),
        {},
        { keepText: false },
      );
      expect(terminal.response).toMatchObject({ text: null, requestArgs: null, outputMetrics: { text_words: 3 } });
    });
  });

  describe("cutting a request", () => {
    test("in mid-stream keeps text, usage and stamps", async () => {
      const abort = new AbortController();
      const usage = { usage: { prompt_tokens: 3, completion_tokens: 1 } };
      const event = `data: ${JSON.stringify({ choices: [{ delta: { content: "a" } }], ...usage })}\n\n`;
      const outcome = await exchange(
        (socket) => socket.write(STREAM_HEAD + chunk(event)),
        {},
        {
          signal: abort.signal,
          onEvent: ({ type }) => type === "first-token" && abort.abort(),
        },
      );
      const partial = failureOf(outcome);
      expect(partial).toMatchObject({
        reason: "cancelled",
        failure: { code: "CORE_BACKEND_CANCELLED", phase: "cancel" },
        response: { text: "a", outputMetrics: { text_tokens: 1 } },
      });
      expect(outcome.timings.tokenIterations).toBe(1);
      expect(outcome.timings.endNs).not.toBeNaN();
    });

    test("before it was sent sends nothing", async () => {
      const server = await startRawServer(() => {});
      const backend = await startBackend(server.url, { transport });
      open.push(server, backend);
      const outcome = await sendRequest(backend, { signal: AbortSignal.abort() });
      expect(failureOf(outcome).reason).toBe("cancelled");
      expect(server.requests).toHaveLength(0);
      expect(outcome.timings.sendNs).toBeNaN();
    });

    test("while it waits for the head", async () => {
      const abort = new AbortController();
      const outcome = await exchange(() => abort.abort(), {}, { signal: abort.signal });
      expect(failureOf(outcome)).toMatchObject({ reason: "cancelled", response: { text: "" } });
    });

    test("by no longer listening closes the connection", async () => {
      let closed: () => void = () => {};
      const isClosed = new Promise<void>((resolve) => {
        closed = resolve;
      });
      const server = await startRawServer((socket) => {
        socket.on("close", closed);
        socket.write(STREAM_HEAD + chunk(delta({ content: "a" })));
      });
      const backend = await startBackend(server.url, { transport });
      open.push(server, backend);
      const stop = new Error("stop listening");
      await expect(
        sendRequest(backend, {
          onEvent: () => {
            throw stop;
          },
        }),
      ).rejects.toBe(stop);
      await isClosed;
      expect(backend.transportStats.requestsInFlight).toBe(0);
    });
  });
});

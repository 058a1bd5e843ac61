import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpArgsInput } from "../src/args/openai-http-args.js";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { END, TWO_TOKENS } from "./hostile/hostile-case.js";
import {
  chunk,
  delta,
  type RawRequest,
  type RawServer,
  reply,
  STREAM_HEAD,
  startRawServer,
} from "./support/raw-server.js";
import { failureOf, type Outcome, sendRequest, startBackend, textRequest } from "./support/send-request.js";

const GOOD = STREAM_HEAD + TWO_TOKENS + END;
/** Seconds: what hangs ends with a timeout. */
const HANG = 3;

const open: (OpenAIHttpBackend | Pick<RawServer, "close">)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse())
    await ("shutdown" in resource ? resource.shutdown() : resource.close());
});

describe.each(["direct", "undici"] as const)("over %s", (transport) => {
  async function start(
    answer: (socket: Socket, request: RawRequest) => void,
    args: Partial<OpenAIHttpArgsInput> = {},
  ): Promise<{ server: RawServer; backend: OpenAIHttpBackend }> {
    const server = await startRawServer(answer);
    const backend = await startBackend(server.url, { transport, timeout: HANG, ...args });
    open.push(server, backend);
    return { server, backend };
  }

  async function expectGood(backend: OpenAIHttpBackend): Promise<Outcome> {
    const outcome = await sendRequest(backend);
    expect(outcome.terminal).toMatchObject({ type: "final", response: { text: "ab" } });
    return outcome;
  }

  describe("a warmed pool", () => {
    test("serves rounds of as many requests without another connection", async () => {
      const { server, backend } = await start((socket) => socket.write(GOOD));
      await backend.warm(8);
      for (let round = 0; round < 5; round += 1)
        await Promise.all(Array.from({ length: 8 }, () => expectGood(backend)));
      expect(server.connections()).toBe(8);
      expect(backend.transportStats).toMatchObject({
        connectionsOpened: 8,
        requestsSent: 40,
        requestsOnReusedConnections: 40,
        requestsRetried: 0,
        requestsInFlight: 0,
      });
    });

    test("uses the connection that was used last", async () => {
      const { server, backend } = await start((socket) => socket.write(GOOD));
      await backend.warm(4);
      for (let count = 0; count < 4; count += 1) await expectGood(backend);
      expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(1);
    });

    test("whose connections all die when they are used repeats each request once, on a new connection", async () => {
      const { server, backend } = await start((socket, { connection }) =>
        connection < 5 ? socket.resetAndDestroy() : socket.write(GOOD),
      );
      await backend.warm(5);
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => expectGood(backend)));
      for (const { timings } of outcomes) expect(timings).toMatchObject({ retried: true, freshConnection: true });
      expect(server.requests).toHaveLength(10);
      expect(backend.transportStats).toMatchObject({
        connectionsOpened: 10,
        requestsSent: 10,
        requestsOnReusedConnections: 5,
        requestsRetried: 5,
        requestsInFlight: 0,
      });
      await server.openAtMost(5);
    });
  });

  describe("an idle connection that the server closes without a word", () => {
    /** The second request on a connection meets `fate`; others are answered. */
    async function second(fate: (socket: Socket) => void): Promise<{ server: RawServer; backend: OpenAIHttpBackend }> {
      const started = await start((socket, { indexOnConnection }) => {
        if (indexOnConnection === 1) fate(socket);
        else socket.write(GOOD);
      });
      await expectGood(started.backend);
      return started;
    }

    test.each<[string, (socket: Socket) => void]>([
      ["closed", (socket) => socket.end()],
      ["closed at once", (socket) => socket.destroy()],
      ["reset", (socket) => socket.resetAndDestroy()],
    ])("%s before a byte of the answer: the request is repeated, counted and marked", async (_name, fate) => {
      const { server, backend } = await second(fate);
      const { timings } = await expectGood(backend);
      expect(timings).toMatchObject({ retried: true, freshConnection: true });
      expect(timings.connectEndNs).toBeLessThanOrEqual(timings.sendNs);
      expect(server.requests).toHaveLength(3);
      expect(server.requests[2]?.body).toBe(server.requests[1]?.body);
      expect(backend.transportStats).toMatchObject({
        connectionsOpened: 2,
        requestsSent: 3,
        requestsRetried: 1,
        requestsInFlight: 0,
      });
      await server.openAtMost(1);
    });

    test.each([
      ["a byte", "H"],
      ["half a head", "HTTP/1.1 200 OK\r\ncontent-"],
      ["an interim answer", "HTTP/1.1 103 Early Hints\r\n\r\n"],
      ["a blank line", "\r\n"],
    ])("after %s of the answer: the request is not repeated", async (_name, bytes) => {
      for (const fate of [
        (socket: Socket) => socket.end(bytes),
        (socket: Socket) => socket.write(bytes, () => socket.resetAndDestroy()),
      ]) {
        const { server, backend } = await second(fate);
        const outcome = await sendRequest(backend);
        expect(failureOf(outcome).failure).toMatchObject({ code: "OPENAI_HTTP_CONNECTION_LOST", phase: "first_byte" });
        expect(outcome.timings.retried).toBe(false);
        expect(server.requests).toHaveLength(2);
        expect(backend.transportStats).toMatchObject({ requestsRetried: 0, requestsInFlight: 0 });
        await server.openAtMost(0);
        await expectGood(backend);
      }
    });

    test("after the head of the answer: the request is not repeated, and its tokens are kept", async () => {
      const { server, backend } = await second((socket) => socket.end(STREAM_HEAD + TWO_TOKENS));
      const { failure, response } = failureOf(await sendRequest(backend));
      expect(failure).toMatchObject({ code: "OPENAI_HTTP_CONNECTION_LOST", phase: "stream" });
      expect(response.text).toBe("ab");
      expect(server.requests).toHaveLength(2);
    });

    test("when nobody listens any more the repetition tells that", async () => {
      const sockets: Socket[] = [];
      const server = createServer((socket) => {
        sockets.push(socket);
        socket.on("error", () => {});
        socket.once("data", () => {
          socket.write(GOOD);
          socket.once("data", () => server.close(() => {})); // a closed listener refuses at once
          socket.once("data", () => socket.resetAndDestroy());
        });
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const backend = await startBackend(`http://127.0.0.1:${port}`, { transport, timeout: HANG });
      open.push(backend);
      await expectGood(backend);
      const outcome = await sendRequest(backend);
      expect(failureOf(outcome).failure).toMatchObject({ code: "OPENAI_HTTP_CONNECT_FAILED", phase: "connect" });
      expect(outcome.timings.retried).toBe(true);
      expect(backend.transportStats).toMatchObject({ requestsRetried: 1, connectionsFailed: 1, requestsInFlight: 0 });
    });

    test("while it is idle: the next request opens another and is not repeated", async () => {
      const closings: (() => void)[] = [];
      const { server, backend } = await start((socket) => {
        closings.push(() => socket.end());
        socket.write(GOOD);
      });
      for (let count = 0; count < 3; count += 1) {
        expect((await expectGood(backend)).timings).toMatchObject({ retried: false, freshConnection: true });
        closings[count]?.();
        await server.openAtMost(0);
      }
      expect(backend.transportStats).toMatchObject({ connectionsOpened: 3, requestsRetried: 0 });
    });

    test.each([
      ["an answer that nobody asked for", reply(408, "{}")],
      ["garbage", "\0\0"],
      ...(transport === "direct" ? [["blank lines", "\r\n\r\n"] as const] : []), // undici keeps it
    ])("or on which it sends %s: it is given up, the next request opens another", async (_name, bytes) => {
      let isFirst = true;
      const { server, backend } = await start((socket) => {
        if (isFirst) setImmediate(() => setImmediate(() => socket.write(bytes)));
        isFirst = false;
        socket.write(GOOD);
      });
      await expectGood(backend);
      await server.openAtMost(0);
      expect((await expectGood(backend)).timings).toMatchObject({ retried: false, freshConnection: true });
    });
  });

  describe("a response that ends the use of its connection", () => {
    test.each([
      ["connection: close"],
      ["Connection: Close"],
      ["connection: keep-alive, close"],
      ["connection: x\r\nconnection:close"],
      ["keep-alive: timeout=0\r\nconnection: keep-alive"],
      ["keep-alive: timeout=1"],
    ])("%j: the next request opens another", async (line) => {
      const closing = GOOD.replace("\r\n\r\n", `\r\n${line}\r\n\r\n`);
      const { server, backend } = await start((socket) => socket.write(closing));
      for (let count = 0; count < 3; count += 1)
        expect((await expectGood(backend)).timings).toMatchObject({ retried: false, freshConnection: true });
      expect(server.connections()).toBe(3);
      await server.openAtMost(1); // the server has closed none of them
    });

    test.each([["connection: keep-alive"], ["keep-alive: timeout=5, max=100"], ["connection: x-close"], ["x: close"]])(
      "%j does not",
      async (line) => {
        const { server, backend } = await start((socket) =>
          socket.write(GOOD.replace("\r\n\r\n", `\r\n${line}\r\n\r\n`)),
        );
        for (let count = 0; count < 3; count += 1) await expectGood(backend);
        expect(server.connections()).toBe(1);
      },
    );

    test("HTTP/1.0 is used again only when it says so", async () => {
      const old = reply(200, '{"choices":[{"message":{"content":"ab"}}]}').replace("1.1", "1.0");
      let line = "";
      const { server, backend } = await start((socket) => socket.write(old.replace("\r\n", `\r\n${line}`)));
      for (let count = 0; count < 2; count += 1) await expectGood(backend);
      expect(server.connections()).toBe(2);
      line = "connection: keep-alive\r\n";
      for (let count = 0; count < 3; count += 1) await expectGood(backend);
      expect(server.connections()).toBe(3);
    });

    // undici would send the next request behind the rest of this one
    const testDirect = transport === "direct" ? test : test.skip;
    testDirect("before the request was sent whole: the next request does not wait behind it", async () => {
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on("error", () => {});
        socket.once("data", (bytes) => {
          const isLong = bytes.length > 10_000 || /content-length: \d{5}/i.test(bytes.toString("latin1"));
          if (isLong) socket.pause(); // the rest is never read
          socket.write(isLong ? reply(413, "{}") : GOOD);
        });
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const backend = await startBackend(`http://127.0.0.1:${port}`, { transport, timeout: HANG });
      open.push({ close: async () => void server.close() }, backend);
      open.unshift({ close: async () => [...sockets].forEach((socket) => void socket.destroy()) });
      const request = textRequest({ columns: { text_column: ["x".repeat(32 << 20)] } });
      expect(failureOf(await sendRequest(backend, { request })).failure).toMatchObject({ status: 413 });
      await expectGood(backend);
    });
  });

  describe("no connection is left behind", () => {
    async function expectNoneLeft(server: RawServer, backend: OpenAIHttpBackend): Promise<void> {
      await server.openAtMost(0);
      expect(backend.transportStats.requestsInFlight).toBe(0);
    }

    test("by requests that are cut while they wait for the head", async () => {
      const abort = new AbortController();
      const { server, backend } = await start((_socket, _request) => {
        if (server.requests.length === 20) abort.abort();
      });
      await backend.warm(10);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => sendRequest(backend, { signal: abort.signal })),
      );
      for (const outcome of outcomes) expect(failureOf(outcome).reason).toBe("cancelled");
      await expectNoneLeft(server, backend);
      expect(server.connections()).toBe(20);
    });

    test("by requests that are cut within the stream", async () => {
      const { server, backend } = await start((socket) => socket.write(STREAM_HEAD + TWO_TOKENS));
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => {
          const abort = new AbortController();
          return sendRequest(backend, {
            signal: abort.signal,
            onEvent: ({ type }) => type === "first-token" && abort.abort(),
          });
        }),
      );
      for (const outcome of outcomes)
        expect(failureOf(outcome)).toMatchObject({ reason: "cancelled", response: { text: "ab" } });
      await expectNoneLeft(server, backend);
    });

    test("by requests that are cut while they connect", async () => {
      const server = await startRawServer(() => {});
      const url = server.url.replace("http:", "https:"); // its handshake is never answered
      // undici goes on connecting for whoever comes next, until its limit
      const limit = transport === "undici" ? 0.1 : null;
      const backend = await startBackend(url, { transport, timeout: HANG, timeout_connect: limit });
      open.push(server, backend);
      const abort = new AbortController();
      const cut = Array.from({ length: 5 }, () => sendRequest(backend, { signal: abort.signal }));
      setImmediate(() => abort.abort());
      for (const outcome of await Promise.all(cut)) expect(failureOf(outcome).reason).toBe("cancelled");
      await server.openAtMost(0);
    });

    test("by a request that is cut while it is repeated", async () => {
      const abort = new AbortController();
      const { server, backend } = await start((socket, { connection, indexOnConnection }) => {
        if (connection === 0 && indexOnConnection === 0) socket.write(GOOD);
        else if (connection === 0) socket.destroy();
        else abort.abort();
      });
      await expectGood(backend);
      const outcome = await sendRequest(backend, { signal: abort.signal });
      expect(failureOf(outcome).reason).toBe("cancelled");
      expect(outcome.timings.retried).toBe(true);
      await expectNoneLeft(server, backend);
    });

    test.each([
      ["are silent", ""],
      ["stall", STREAM_HEAD + TWO_TOKENS],
    ])("by requests whose answers %s", async (_name, bytes) => {
      const { server, backend } = await start((socket) => socket.write(bytes), { timeout: 0.05 });
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => sendRequest(backend)));
      for (const outcome of outcomes) expect(failureOf(outcome).failure.code).toMatch(/TIMEOUT/);
      await expectNoneLeft(server, backend);
    });

    test.each([
      ["are malformed", STREAM_HEAD + chunk("data: {\n\n")],
      ["go on after their end", STREAM_HEAD + TWO_TOKENS + chunk("data: [DONE]\n\n")],
      ["are an error", STREAM_HEAD + chunk('data: {"error":"x"}\n\n')],
      ["are compressed", reply(200, "x", { "content-encoding": "gzip", "content-length": "5000" })],
      ["are no HTTP", "x"],
      ["are too long to be shown", reply(500, "x".repeat(10_000), { "content-length": "50000" })],
    ])("by requests whose answers %s", async (_name, bytes) => {
      const { server, backend } = await start((socket) => socket.write(bytes));
      await Promise.all(Array.from({ length: 5 }, () => sendRequest(backend)));
      await expectNoneLeft(server, backend);
    });

    test("by a shutdown in mid-stream, which the requests are told", async () => {
      const { server, backend } = await start((socket) => socket.write(STREAM_HEAD + chunk(delta({ content: "a" }))));
      let started = 0;
      const requests = Array.from({ length: 5 }, () =>
        sendRequest(backend, {
          onEvent: ({ type }) => {
            if (type === "first-token") started += 1;
            if (started === 5) void backend.shutdown();
          },
        }),
      );
      for (const outcome of await Promise.all(requests))
        expect(failureOf(outcome)).toMatchObject({
          failure: { code: "OPENAI_HTTP_CONNECTION_LOST", phase: "stream" },
          response: { text: "a" },
        });
      await server.openAtMost(0);
    });

    test("with keep_alive=false", async () => {
      const { server, backend } = await start((socket) => socket.write(GOOD), { keep_alive: false });
      await Promise.all(Array.from({ length: 20 }, () => expectGood(backend)));
      await expectNoneLeft(server, backend);
    });
  });
});

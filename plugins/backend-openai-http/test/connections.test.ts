import { once } from "node:events";
import { createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { readFixture } from "./support/fixtures.js";
import { chunk, delta, LAST_CHUNK, type RawServer, reply, STREAM_HEAD, startRawServer } from "./support/raw-server.js";
import { failureOf, sendRequest, startBackend } from "./support/send-request.js";

const open: (OpenAIHttpBackend | Pick<RawServer, "close">)[] = [];

describe.each(["direct", "undici"] as const)("over %s", (transport) => {
  afterEach(async () => {
    for (const resource of open.splice(0).reverse())
      await ("shutdown" in resource ? resource.shutdown() : resource.close());
  });

  const GOOD = STREAM_HEAD + chunk(delta({ content: "a" }, "stop")) + chunk("data: [DONE]\n\n") + LAST_CHUNK;
  const CERTIFICATE = {
    key: readFixture("self-signed-test-only.key.pem"),
    cert: readFixture("self-signed-test-only.cert.pem"),
  };

  describe("connections", () => {
    test("requests one after the other share one", async () => {
      const server = await startRawServer((socket) => socket.write(GOOD));
      const backend = await startBackend(server.url, { transport });
      open.push(server, backend);
      const fresh: boolean[] = [];
      for (let count = 0; count < 10; count += 1) fresh.push((await sendRequest(backend)).timings.freshConnection);
      expect(server.connections()).toBe(1);
      expect(fresh).toEqual([true, ...Array(9).fill(false)]);
      expect(backend.transportStats).toMatchObject({
        connectionsOpened: 1,
        requestsSent: 10,
        requestsOnReusedConnections: 9,
        requestsInFlight: 0,
        protocol: "http/1.1",
      });
    });

    test("also when the zero chunk comes after the end marker", async () => {
      const server = await startRawServer((socket) => {
        socket.write(GOOD.slice(0, -LAST_CHUNK.length), () => setImmediate(() => socket.write(LAST_CHUNK)));
      });
      const backend = await startBackend(server.url, { transport });
      open.push(server, backend);
      for (let count = 0; count < 5; count += 1) await sendRequest(backend);
      expect(server.connections()).toBe(1);
    });

    test("also after a failed request whose response was complete", async () => {
      const server = await startRawServer((socket) => socket.write(reply(404, "{}")));
      const backend = await startBackend(server.url, { transport });
      open.push(server, backend);
      for (let count = 0; count < 3; count += 1) failureOf(await sendRequest(backend));
      expect(server.connections()).toBe(1);
    });

    test("keep_alive=false opens one for every request", async () => {
      const server = await startRawServer((socket) => socket.write(GOOD));
      const backend = await startBackend(server.url, { transport, keep_alive: false });
      open.push(server, backend);
      for (let count = 0; count < 3; count += 1)
        expect((await sendRequest(backend)).timings.freshConnection).toBe(true);
      expect(server.connections()).toBe(3);
      expect(server.requests[0]?.head).toMatch(/^connection: close$/im);
    });

    test("requests at once each have their own, none waits for another", async () => {
      const held: (() => void)[] = [];
      const server = await startRawServer((socket) => {
        held.push(() => socket.write(GOOD));
        if (held.length === 20) for (const release of held) release();
      });
      const backend = await startBackend(server.url, { transport });
      open.push(server, backend);
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => sendRequest(backend)));
      expect(outcomes.every(({ terminal }) => terminal.type === "final")).toBe(true);
      expect(server.connections()).toBe(20);
    });

    test("warmed ones are open before the first request and count as reused", async () => {
      const server = await startRawServer((socket) => socket.write(GOOD));
      const backend = await startBackend(server.url, { transport });
      open.push(server, backend);
      await backend.warm(4);
      await backend.warm(4);
      expect(backend.transportStats.connectionsOpened).toBe(4);
      const outcomes = await Promise.all(Array.from({ length: 4 }, () => sendRequest(backend)));
      expect(server.connections()).toBe(4);
      for (const { timings, terminal } of outcomes) {
        expect(terminal.type).toBe("final");
        expect(timings.freshConnection).toBe(false);
        expect(timings.connectStartNs).toBeNaN();
      }
    });

    test("warming a server that is not there leaves the failure to the requests", async () => {
      const server = await startRawServer(() => {});
      await server.close();
      const backend = await startBackend(server.url, { transport });
      open.push(backend);
      await backend.warm(3);
      expect(failureOf(await sendRequest(backend)).failure.code).toBe("OPENAI_HTTP_CONNECT_FAILED");
    });

    test("an idle one that dies when it is used again is replaced once, and marked", async () => {
      const server = await startRawServer((socket, { indexOnConnection }) => {
        if (indexOnConnection === 1) socket.resetAndDestroy();
        else socket.write(GOOD);
      });
      const backend = await startBackend(server.url, { transport });
      open.push(server, backend);
      await sendRequest(backend);
      const { terminal, timings } = await sendRequest(backend);
      expect(terminal.type).toBe("final");
      expect(timings).toMatchObject({ retried: true, freshConnection: true });
      expect(timings.requestBytes).toBeGreaterThan(0);
      expect(backend.transportStats).toMatchObject({ requestsRetried: 1, connectionsOpened: 2, requestsInFlight: 0 });
    });

    test("a request is not repeated when its own connection dies, or a second one", async () => {
      const server = await startRawServer((socket, { connection, indexOnConnection }) => {
        if (connection === 0 && indexOnConnection === 0) socket.write(GOOD);
        else socket.destroy();
      });
      const backend = await startBackend(server.url, { transport });
      open.push(server, backend);
      await sendRequest(backend);
      const outcome = await sendRequest(backend);
      expect(failureOf(outcome).failure).toMatchObject({ code: "OPENAI_HTTP_CONNECTION_LOST", phase: "first_byte" });
      expect(server.requests).toHaveLength(3);
    });

    test("one closed by the server while idle is opened again without a repetition", async () => {
      const closings: Promise<unknown>[] = [];
      const server = await startRawServer((socket) => {
        closings.push(once(socket, "close"));
        socket.end(GOOD);
      });
      const backend = await startBackend(server.url, { transport });
      open.push(server, backend);
      for (let count = 0; count < 3; count += 1) {
        expect((await sendRequest(backend)).timings).toMatchObject({ retried: false, freshConnection: true });
        await closings[count];
      }
      expect(server.requests).toHaveLength(3);
    });
  });

  describe("redirects", () => {
    test("307 keeps method and body; the stamp of the send stays with the first hop", async () => {
      const server = await startRawServer((socket, { head }) =>
        socket.write(head.startsWith("POST /moved") ? GOOD : reply(307, "", { location: "/moved?x=1" })),
      );
      const backend = await startBackend(server.url, { transport });
      open.push(server, backend);
      const { terminal } = await sendRequest(backend);
      expect(terminal.type).toBe("final");
      expect(server.requests.map(({ head }) => head.split(" HTTP", 1)[0])).toEqual([
        "POST /v1/chat/completions",
        "POST /moved?x=1",
      ]);
      expect(server.requests[1]?.body).toBe(server.requests[0]?.body);
    });

    test("to another origin, credentials stay behind", async () => {
      const other = await startRawServer((socket) => socket.write(GOOD));
      const server = await startRawServer((socket) => socket.write(reply(308, "", { location: `${other.url}/x` })));
      const backend = await startBackend(server.url, {
        transport,
        api_key: "k1",
        extras: { headers: { "x-api-key": "k2", "x-a": "b" } },
      });
      open.push(server, other, backend);
      expect((await sendRequest(backend)).terminal.type).toBe("final");
      expect(server.requests[0]?.head).toMatch(/authorization: Bearer k1/);
      expect(server.requests[0]?.head).toMatch(/x-api-key: k2/);
      expect(other.requests[0]?.head).toMatch(/x-a: b/);
      expect(other.requests[0]?.head).not.toMatch(/k1|k2/);
    });

    test("are reported when not followed, and when they lead in a circle", async () => {
      const server = await startRawServer((socket) =>
        socket.write(reply(307, "", { location: "/v1/chat/completions" })),
      );
      const plain = await startBackend(server.url, { transport, follow_redirects: false });
      const following = await startBackend(server.url, { transport });
      open.push(server, plain, following);
      expect(failureOf(await sendRequest(plain)).failure).toMatchObject({
        code: "OPENAI_HTTP_UNEXPECTED_STATUS",
        status: 307,
      });
      expect(failureOf(await sendRequest(following)).failure.code).toBe("OPENAI_HTTP_UNEXPECTED_STATUS");
    });
  });

  describe("TLS", () => {
    async function startHttps(): Promise<string> {
      const server = createHttpsServer(CERTIFICATE, (incoming, response) => {
        incoming.resume().on("end", () => {
          response.writeHead(200, { "content-type": "text/event-stream" });
          response.end(`${delta({ content: "a" }, "stop")}data: [DONE]\n\n`);
        });
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      open.push({
        close: async () => {
          server.closeAllConnections();
          server.close();
          await once(server, "close");
        },
      });
      return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }

    test("a certificate that nobody vouches for is refused", async () => {
      const backend = await startBackend(await startHttps(), { transport });
      open.push(backend);
      expect(failureOf(await sendRequest(backend)).failure).toMatchObject({
        code: "OPENAI_HTTP_TLS_FAILED",
        phase: "connect",
      });
    });

    test("verify=false accepts it; HTTP/1.1 connections are reused and can be warmed", async () => {
      const backend = await startBackend(await startHttps(), { transport, verify: false });
      open.push(backend);
      await backend.warm(2);
      for (let count = 0; count < 3; count += 1) expect((await sendRequest(backend)).terminal.type).toBe("final");
      expect(backend.transportStats).toMatchObject({
        connectionsOpened: 2,
        requestsOnReusedConnections: 3,
        protocol: "http/1.1",
      });
    });

    test.each([
      [true, "h2", 1],
      [false, "http/1.1", 5],
    ])("http2=%s speaks %s", async (http2, protocol, connections) => {
      const held: (() => void)[] = [];
      const server = createSecureServer({ ...CERTIFICATE, allowHTTP1: true }, (incoming, response) => {
        incoming.resume().on("end", () => {
          held.push(() => {
            response.writeHead(200, { "content-type": "text/event-stream" });
            response.write(delta({ content: "a" }, "stop"));
            response.end("data: [DONE]\n\n");
          });
          if (held.length === 5) for (const release of held) release();
        });
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const port = (server.address() as AddressInfo).port;
      const backend = await startBackend(`https://127.0.0.1:${port}`, { http2, verify: false });
      await backend.warm(5);
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => sendRequest(backend)));
      for (const { terminal, timings } of outcomes) {
        expect(terminal).toMatchObject({ type: "final", response: { text: "a" } });
        expect(timings.sendNs).not.toBeNaN();
      }
      expect(backend.transportStats).toMatchObject({ protocol, connectionsOpened: connections });
      await backend.shutdown();
      server.close();
      await once(server, "close");
    });
  });
});

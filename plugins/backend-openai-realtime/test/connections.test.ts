import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIWebSocketArgsInput } from "../src/index.js";
import type { OpenAIWebSocketBackend } from "../src/openai-websocket-backend.js";
import { answer, type RealtimeScript, type RealtimeServer, startRealtimeServer } from "./support/realtime-server.js";
import { failureOf, sendRequest, startBackend } from "./support/send-request.js";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(
  script: RealtimeScript,
  args: Partial<Omit<OpenAIWebSocketArgsInput, "kind" | "target">> = {},
): Promise<{ readonly server: RealtimeServer; readonly backend: OpenAIWebSocketBackend }> {
  const server = await startRealtimeServer(script);
  const backend = await startBackend(server.url, args);
  open.push(
    () => server.close(),
    () => backend.shutdown(),
  );
  return { server, backend };
}

const HELLO: RealtimeScript = { event: answer({ type: "transcription.done", text: "hello" }) };

describe("connections", () => {
  test("are used again, one request after another", async () => {
    const { server, backend } = await start(HELLO);
    const first = await sendRequest(backend);
    const second = await sendRequest(backend);
    expect(server.sessions).toHaveLength(1);
    expect([first, second].map(({ timings }) => timings.freshConnection)).toEqual([true, false]);
    expect(first.timings.connectStartNs).toBeLessThan(first.timings.connectEndNs);
    expect(first.timings.connectEndNs).toBeLessThanOrEqual(first.timings.sendNs);
    expect(second.timings.connectStartNs).toBeNaN();
    expect(second.terminal).toMatchObject({ type: "final", response: { text: "hello" } });
  });

  test("are opened anew for every request without keep_alive", async () => {
    const { server, backend } = await start(HELLO, { keep_alive: false });
    await backend.warm(3);
    for (let count = 0; count < 2; count += 1) await sendRequest(backend);
    expect(server.sessions).toHaveLength(2);
  });

  test("are opened ahead, greeted, and shared out", async () => {
    const { server, backend } = await start(HELLO);
    await backend.warm(3);
    expect(server.sessions).toHaveLength(3);
    await backend.warm(3);
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => sendRequest(backend)));
    expect(server.sessions).toHaveLength(4);
    expect(outcomes.filter(({ timings }) => timings.freshConnection)).toHaveLength(1);
  });

  test("that cannot be opened ahead fail the requests, not the warming", async () => {
    const { backend } = await start({ refuse: [503, "busy"] });
    await backend.warm(2);
    expect(failureOf(await sendRequest(backend)).failure.status).toBe(503);
  });

  test("that had died while idle are replaced, and the request is marked", async () => {
    const script: RealtimeScript = {
      event: (session, event) => {
        if (event["final"] !== true) return;
        if (session.index === 0 && server?.events.filter(({ final }) => final === true).length === 2)
          session.socket.destroy();
        else session.send({ type: "transcription.done", text: `of ${session.index}` });
      },
    };
    let server: RealtimeServer | null = null;
    const started = await start(script);
    server = started.server;
    await sendRequest(started.backend);
    const { terminal, timings } = await sendRequest(started.backend);
    expect(terminal.response.text).toBe("of 1");
    expect([timings.retried, timings.freshConnection, timings.tokenIterations]).toEqual([true, true, 1]);
  });

  test("are not used again after a failed request", async () => {
    const { server, backend } = await start({ event: answer({ type: "error", error: "no" }) });
    await sendRequest(backend);
    await sendRequest(backend);
    expect(server.sessions).toHaveLength(2);
  });

  test("late events of an earlier request do not count for the next", async () => {
    const script: RealtimeScript = {
      event: (session, event) => {
        if (event["final"] !== true) return;
        session.send({ type: "transcription.done", text: "done" });
        session.send({ type: "transcription.delta", delta: "late" });
      },
    };
    const { server, backend } = await start(script);
    await sendRequest(backend);
    await new Promise((resolve) => setImmediate(resolve));
    const { terminal } = await sendRequest(backend);
    expect(terminal.response.text).toBe("done");
    expect(server.sessions).toHaveLength(1);
  });

  test("are closed at shutdown with code 1000", async () => {
    const { server, backend } = await start(HELLO);
    await sendRequest(backend);
    const closed = new Promise((resolve) => server.sessions[0]?.webSocket.once("close", resolve));
    await backend.shutdown();
    expect(await closed).toBe(1000);
  });
});

describe("a shutdown", () => {
  test.each([
    ["of a request under way", false],
    ["of one on a connection used before", true],
  ])("ends the connection %s", async (_, isReused) => {
    let requests = 0;
    let closed: Promise<unknown> = Promise.resolve();
    const { server, backend } = await start({
      event: (session, event) => {
        if (event["final"] !== true) return;
        requests += 1;
        if (isReused && requests === 1) return session.send({ type: "transcription.done", text: "first" });
        closed = new Promise((resolve) => session.webSocket.once("close", resolve));
        void backend.shutdown();
      },
    });
    if (isReused) await sendRequest(backend);
    const { failure } = failureOf(await sendRequest(backend));
    expect(failure).toMatchObject({ code: "OPENAI_WEBSOCKET_CONNECTION_LOST", message: "The backend was shut down" });
    await closed;
    expect(server.sessions).toHaveLength(1);
  });

  test("ends what is opened ahead", async () => {
    const { backend } = await start({ opened: () => void backend.shutdown() });
    await backend.warm(1);
  });
});

describe("a cut request", () => {
  test.each<[string, RealtimeScript, boolean]>([
    ["while it connects", { opened: () => {} }, false],
    ["before the first event", {}, true],
    ["in mid-stream", { event: answer({ type: "transcription.delta", delta: "half" }) }, true],
  ])("%s ends at once and its connection with it", async (name, script, isSent) => {
    const controller = new AbortController();
    let closed: Promise<unknown> = Promise.resolve();
    const { backend } = await start({
      opened: (session) => {
        closed = new Promise((resolve) => session.webSocket.once("close", resolve));
        if (script.opened === undefined) session.send({ type: "session.created" });
        else controller.abort();
      },
      event: (session, event) => {
        script.event?.(session, event);
        if (event["final"] === true && script.event === undefined) controller.abort();
      },
    });
    const outcome = await sendRequest(backend, {
      signal: controller.signal,
      onEvent: () => controller.abort(),
    });
    const { reason, response, failure } = failureOf(outcome);
    expect([reason, failure.code, failure.phase]).toEqual(["cancelled", "CORE_BACKEND_CANCELLED", "cancel"]);
    expect(response.text).toBe(name === "in mid-stream" ? "half" : "");
    expect(Number.isNaN(outcome.timings.sendNs)).toBe(!isSent);
    expect(outcome.timings.endNs).not.toBeNaN();
    await closed;
  });

  test("between two pieces of audio sends no more", async () => {
    const controller = new AbortController();
    const { server, backend } = await start(
      { event: (_, event) => (event.type === "input_audio_buffer.append" ? controller.abort() : undefined) },
      { pace: 1, chunk_samples: 1600 },
    );
    const outcome = await sendRequest(backend, { signal: controller.signal });
    expect(failureOf(outcome).reason).toBe("cancelled");
    expect(server.events.filter(({ final }) => final === true)).toHaveLength(0);
  });
});

describe("validate and models", () => {
  const MODELS = JSON.stringify({ data: [{ id: "a" }, { id: "" }, 5, { id: "b" }] });

  test("asks what it is told to ask, with the key for the target only", async () => {
    const asked: string[] = [];
    const plain: RealtimeScript["plain"] = ({ method, url, headers }, body) => {
      asked.push(`${method} ${url} ${headers.authorization ?? "-"} ${body}`);
      return [200, MODELS];
    };
    const { backend, server } = await start({ plain }, { api_key: "k", model: "" });
    await backend.validate();
    expect(await backend.defaultModel()).toBe("a");
    expect(await backend.models()).toEqual(["a", "b"]);
    const elsewhere = await startBackend("http://127.0.0.1:1", {
      api_key: "k",
      validate_backend: { url: `${server.url}/ready`, method: "POST", body: { a: 1 }, headers: { "X-A": "1" } },
    });
    open.push(() => elsewhere.shutdown());
    await elsewhere.validate();
    expect(asked).toEqual([
      "GET /health Bearer k ",
      "GET /v1/models Bearer k ",
      "GET /v1/models Bearer k ",
      'POST /ready - {"a":1}',
    ]);
  });

  test("says what came back and what to change", async () => {
    const { backend } = await start({ plain: () => [503, "  loading\nmodel "] });
    await expect(backend.validate()).rejects.toMatchObject({
      code: "CORE_BACKEND_UNREACHABLE",
      message: expect.stringMatching(/GET http:\S+\/health answered with status 503 \(loading model\)/),
      hint: expect.stringContaining("validate_backend=false"),
    });
    await expect(backend.models()).rejects.toMatchObject({ hint: expect.stringContaining("model=") });
  });

  test("asks nothing with validate_backend=false", async () => {
    const { backend } = await start({ plain: () => [500, ""] }, { validate_backend: false });
    await backend.validate();
  });

  test("a server without models", async () => {
    const { backend } = await start({ plain: () => [200, '{"data":[]}'] }, { model: "" });
    await expect(backend.defaultModel()).rejects.toMatchObject({ code: "CORE_BACKEND_NO_MODEL" });
  });
});

import { describe, expect, test } from "@jest/globals";
import { MockServerError, startMockServer } from "../src/index.js";
import { chat, completion, post, sendRaw, serve, statusForAnnounced, streamOf, until } from "./support/server-test.js";

const CHAT = "/v1/chat/completions";
const COMPLETIONS = "/v1/completions";

describe("small endpoints", () => {
  test("GET /v1/models and /v1/models/{id}", async () => {
    const server = await serve({ model: "org/name 1" });
    const model = { id: "org/name 1", object: "model", created: expect.any(Number), owned_by: "goodput" };
    const list = await fetch(`${server.url}/v1/models?limit=1`);
    expect(await list.json()).toEqual({ object: "list", data: [model] });
    for (const id of ["org/name%201", "org%2Fname%201"]) {
      expect(await (await fetch(`${server.url}/v1/models/${id}`)).json()).toEqual(model);
    }
    const unknown = await fetch(`${server.url}/v1/models/else`);
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: { code: "model_not_found" } });
    expect((await fetch(`${server.url}/v1/models/100%`)).status).toBe(404);
  });

  test("GET /health answers 200 without a body", async () => {
    const response = await fetch(`${(await serve()).url}/health`);
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  test("GET /metrics counts what happened", async () => {
    const server = await serve({ model: 'a"b' });
    const body = { ...chat(), model: 'a"b' };
    await (await post(server, CHAT, { ...body, max_tokens: 3, stream: true })).text();
    await (await post(server, CHAT, body)).text();
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get("content-type")).toContain("text/plain");
    const lines = (await response.text()).split("\n");
    const name = 'model_name="a\\"b"';
    const labels = `engine="0",${name}`;
    for (const line of [
      `vllm:num_requests_running{${labels}} 0.0`,
      `vllm:prompt_tokens_total{${labels}} 6.0`,
      `vllm:generation_tokens_total{${labels}} 7.0`,
      `vllm:request_success_total{engine="0",finished_reason="length",${name}} 1.0`,
      `vllm:request_success_total{engine="0",finished_reason="stop",${name}} 1.0`,
      `vllm:request_success_total{engine="0",finished_reason="error",${name}} 0.0`,
    ]) {
      expect(lines).toContain(line);
    }
  });

  test("unknown paths are 404, other methods 405 with Allow", async () => {
    const server = await serve();
    const missing = await fetch(`${server.url}/v1/nothing`, { method: "POST", body: "{}" });
    expect(missing.status).toBe(404);
    expect(await missing.json()).toEqual({
      error: { message: "No such path: /v1/nothing", type: "invalid_request_error", param: null, code: "not_found" },
    });
    const wrong = [
      [CHAT, "GET", "POST"],
      ["/v1/models", "POST", "GET"],
      ["/truth/reset", "GET", "POST"],
    ] as const;
    for (const [path, method, allowed] of wrong) {
      const response = await fetch(server.url + path, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, allowed]);
      expect(await response.json()).toMatchObject({ error: { code: "method_not_allowed" } });
    }
  });
});

describe("refused requests", () => {
  test.each([
    ["malformed JSON", CHAT, '{"model":', null],
    ["an empty body", CHAT, "", null],
    ["not an object", CHAT, "3", null],
    ["no messages", CHAT, { model: "goodput-mock" }, "messages"],
    ["empty messages", CHAT, chat({ messages: [] }), "messages"],
    ["messages of the wrong type", CHAT, chat({ messages: "hello" }), "messages"],
    ["a message without a role", CHAT, chat({ messages: [{ content: "hello" }] }), "messages.0.role"],
    [
      "an unknown part",
      CHAT,
      chat({ messages: [{ role: "user", content: [{ type: "smell" }] }] }),
      "messages.0.content",
    ],
    ["a text for a number", CHAT, chat({ temperature: "hot" }), "temperature"],
    ["a negative temperature", CHAT, chat({ temperature: -1 }), "temperature"],
    ["a negative max_tokens", CHAT, chat({ max_tokens: -1 }), "max_tokens"],
    ["a max_tokens of 0", COMPLETIONS, completion({ max_tokens: 0 }), "max_tokens"],
    ["a broken max_tokens", COMPLETIONS, completion({ max_tokens: 1.5 }), "max_tokens"],
    ["a negative max_completion_tokens", CHAT, chat({ max_completion_tokens: -5 }), "max_completion_tokens"],
    ["min_tokens above the limit", CHAT, chat({ max_tokens: 2, min_tokens: 3 }), "min_tokens"],
    ["n above 1", CHAT, chat({ n: 2 }), "n"],
    ["stream_options without stream", CHAT, chat({ stream_options: { include_usage: true } }), "stream_options"],
    ["no prompt", COMPLETIONS, { model: "goodput-mock" }, "prompt"],
    ["an empty prompt", COMPLETIONS, completion({ prompt: "" }), "prompt"],
    ["two prompts", COMPLETIONS, completion({ prompt: ["a", "b"] }), "prompt"],
    ["no prompt in a list", COMPLETIONS, completion({ prompt: [] }), "prompt"],
  ])("%s: 400", async (_, path, body, param) => {
    const server = await serve();
    const response = await post(server, path, body);
    expect(response.status).toBe(400);
    const code = expect.stringMatching(/^invalid_(json|request)$/);
    expect(await response.json()).toEqual({
      error: { message: expect.any(String), type: "invalid_request_error", param, code },
    });
    expect(server.truthLog()).toEqual([]);
  });

  test("another model: 404 on both paths; no model at all is taken", async () => {
    const server = await serve();
    for (const [path, body] of [
      [CHAT, chat({ model: "nope" })],
      [COMPLETIONS, completion({ model: "nope" })],
    ] as const) {
      const response = await post(server, path, body);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        error: {
          message: "The model `nope` does not exist.",
          type: "invalid_request_error",
          ...{ param: "model", code: "model_not_found" },
        },
      });
    }
    expect((await post(server, CHAT, chat({ model: undefined }))).status).toBe(200);
  });

  test("a missing or wrong key: 401 below /v1, nowhere else", async () => {
    const server = await serve({ api_key: "right-key" });
    for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: "right-key" }]) {
      const response = await post(server, CHAT, chat(), headers);
      expect(response.status).toBe(401);
      const body = await response.text();
      expect(JSON.parse(body)).toMatchObject({ error: { type: "invalid_request_error", code: "invalid_api_key" } });
      expect(body).not.toContain("right-key");
    }
    expect((await fetch(`${server.url}/v1/models`)).status).toBe(401);
    expect((await post(server, CHAT, chat(), { authorization: "Bearer right-key" })).status).toBe(200);
    for (const path of ["/health", "/metrics", "/truth"]) expect((await fetch(server.url + path)).status).toBe(200);
  });

  test("a body that is too large: 413, announced or sent", async () => {
    const server = await serve();
    expect(await statusForAnnounced(server, CHAT, 33 * 1024 * 1024)).toBe(413);
    const pieces = ReadableStream.from(Array.from({ length: 33 }, () => new Uint8Array(1024 * 1024)));
    const init = { method: "POST", body: pieces, duplex: "half" } as RequestInit;
    const response = await fetch(server.url + CHAT, init);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: "body_too_large" } });
  });
});

describe("truth", () => {
  test("GET /truth shows each accepted request, POST /truth/reset forgets them and repeats the run", async () => {
    const server = await serve({ itl_ms_std: 1, itl_ms: 0.2 });
    const run = async () => [
      await (await post(server, CHAT, chat({ stream: true }))).text(),
      await (await post(server, COMPLETIONS, completion({ max_tokens: 2 }))).text(),
    ];
    const first = await run();
    const truth = await (await fetch(`${server.url}/truth`)).json();
    expect(truth).toEqual(server.truthLog());
    const [ofChat, ofCompletion] = server.truthLog();
    expect(ofChat).toMatchObject({
      ...{ ordinal: 0, path: CHAT, model: "goodput-mock", promptTokens: 3, outputTokens: 4 },
      ...{ completed: true, outcome: "completed" },
    });
    const { arrivalNs, tokenWritesNs, endNs } = ofChat ?? { arrivalNs: 0, tokenWritesNs: [], endNs: null };
    const instants = [arrivalNs, ...tokenWritesNs, endNs ?? 0];
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
    expect(tokenWritesNs).toHaveLength(4);
    expect(ofCompletion).toMatchObject({ ordinal: 1, path: COMPLETIONS, outputTokens: 2 });
    expect(ofCompletion?.tokenWritesNs).toHaveLength(1);
    expect(await (await post(server, "/truth/reset", "")).json()).toEqual({});
    expect(await (await fetch(`${server.url}/truth`)).json()).toEqual([]);
    expect(await run()).toEqual(first);
  });

  test("the log can be off, and is bounded", async () => {
    const off = await serve({ truth_log: false });
    await (await post(off, CHAT, chat())).text();
    expect(off.truthLog()).toEqual([]);
    const small = await serve({ truth_log_size: 2 });
    for (let count = 0; count < 3; count += 1) await (await post(small, CHAT, chat())).text();
    expect(small.truthLog().map(({ ordinal }) => ordinal)).toEqual([1, 2]);
  });

  test("the same seed gives the same bytes, another seed other ones", async () => {
    const bodies = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const server = await serve({ seed });
        return (await post(server, CHAT, chat({ stream: true }))).text();
      }),
    );
    expect(bodies[0]).toBe(bodies[1]);
    expect(bodies[0]).not.toBe(bodies[2]);
  });
});

describe("connections", () => {
  test("requests that are sent ahead on one connection are answered in order", async () => {
    const server = await serve();
    const streamed = { path: COMPLETIONS, body: completion({ stream: true, max_tokens: 2 }) };
    const { received } = sendRaw(server, [
      streamed,
      { ...streamed, path: CHAT, body: chat({ stream: true }) },
      streamed,
    ]);
    await until(() => received().split("[DONE]").length === 4);
    const ids = [...received().matchAll(/"id":"(\w+)-/g)].map(([, kind]) => kind);
    expect([...new Set(ids)]).toEqual(["cmpl", "chatcmpl"]);
    expect(ids.slice(0, 2)).toEqual(["cmpl", "cmpl"]);
    expect(ids.slice(-2)).toEqual(["cmpl", "cmpl"]);
    expect(server.truthLog().map(({ outputTokens }) => outputTokens)).toEqual([2, 4, 2]);
  });

  test("a reader that never reads keeps nobody else waiting", async () => {
    const server = await serve();
    const { socket } = sendRaw(server, [
      { path: CHAT, body: chat({ stream: true, max_tokens: 20_000, ignore_eos: true }) },
    ]);
    socket.pause();
    await until(() => (server.truthLog()[0]?.outputTokens ?? 0) > 0);
    const events = await streamOf(await post(server, CHAT, chat({ stream: true })));
    expect(events).toHaveLength(5);
  });

  test("a client that leaves ends its request; what was planned for it is dropped", async () => {
    const server = await serve({ itl_ms: 600_000 });
    const { socket, received } = sendRaw(server, [{ path: CHAT, body: chat({ stream: true }) }]);
    await until(() => received().includes('"content":" the"'));
    expect(server.truthLog()[0]).toMatchObject({ outcome: "running", endNs: null });
    socket.destroy();
    await until(() => server.truthLog()[0]?.outcome !== "running");
    expect(server.truthLog()[0]).toMatchObject({ outcome: "client_left", completed: false, outputTokens: 1 });
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/finished_reason="abort",.*\} 1\.0$/m);
  });

  test("close breaks running replies and may be called twice", async () => {
    const server = await serve({ itl_ms: 600_000 });
    const response = await post(server, CHAT, chat({ stream: true }));
    await Promise.all([server.close(), expect(response.text()).rejects.toThrow()]);
    await server.close();
    expect(server.truthLog()[0]?.outcome).toBe("client_left");
  });

  test("a port that is taken", async () => {
    const { port } = await serve();
    const error: unknown = await startMockServer({ port }).catch((reason: unknown) => reason);
    expect(MockServerError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      code: "CORE_MOCK_SERVER_CANNOT_LISTEN",
      message: expect.stringContaining("EADDRINUSE"),
    });
  });
});

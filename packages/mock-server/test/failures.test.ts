import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { MockServer, MockServerOptionsInput } from "../src/index.js";
import { chat, completion, post, type RawConnection, sendRaw, serve, until } from "./support/server-test.js";

const CHAT = "/v1/chat/completions";
const COMPLETIONS = "/v1/completions";

function failing(server: MockServer, failure: string, body: object = {}, path = COMPLETIONS): Promise<Response> {
  const whole = path === COMPLETIONS ? completion(body) : body;
  return post(server, path, whole, { "x-mock-failure": failure });
}

/** Sends one request on a connection of its own and waits for its end. */
async function sendToEnd(server: MockServer, failure: string, body: object): Promise<RawConnection> {
  const raw = sendRaw(server, [{ path: COMPLETIONS, body: completion(body), headers: { "x-mock-failure": failure } }]);
  raw.socket.on("error", () => {}); // a reset is what is tested
  await until(() => raw.socket.closed);
  return raw;
}

function events(text: string): string[] {
  return text.split("\n\n").filter((event) => event !== "");
}

const STREAM = { stream: true };

describe("before the headers", () => {
  test("a status with retry-after", async () => {
    const server = await serve();
    const response = await failing(server, "at=headers,do=status,status=429,retry_after=7");
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await response.json()).toMatchObject({ error: { code: "injected_error" } });
    expect(server.truthLog()).toMatchObject([{ failure: "headers:status", outcome: "error", completed: false }]);
  });

  test("a redirect to itself, whose second try is drawn anew", async () => {
    const server = await serve();
    const body = JSON.stringify(completion());
    const headers = { "x-mock-failure": "at=headers,do=redirect,status=308", "content-type": "application/json" };
    const options = { method: "POST", body, headers, redirect: "manual" } as const;
    const response = await fetch(server.url + COMPLETIONS, options);
    expect([response.status, response.headers.get("location")]).toEqual([308, COMPLETIONS]);
  });

  test("a page with status 200", async () => {
    const response = await failing(await serve(), "at=headers,do=html");
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html"]);
    expect(await response.text()).toContain("<h1>");
  });

  test.each(["reset", "cut"])("%s: not a byte", async (how) => {
    const server = await serve();
    const { received } = await sendToEnd(server, `at=headers,do=${how}`, STREAM);
    expect(received()).toBe("");
    expect(server.truthLog()).toMatchObject([{ failure: `headers:${how}`, outcome: "cut", outputTokens: 0 }]);
  });

  test("a stall delays all that follows", async () => {
    const server = await serve();
    for (const body of [STREAM, {}]) {
      const response = await failing(server, "at=headers,do=stall,stall_ms=30", body);
      await response.text();
      const entry = server.truthLog().at(-1);
      expect(entry).toMatchObject({ completed: true, failure: "headers:stall" });
      expect((entry?.tokenWritesNs[0] ?? 0) - (entry?.arrivalNs ?? 0)).toBeGreaterThanOrEqual(30e6);
    }
  });
});

describe("within a stream", () => {
  test.each([
    ["reset", "cut"],
    ["cut", "cut"],
  ])("%s after two tokens", async (how, outcome) => {
    const server = await serve({ output_tokens: 6 });
    const { received } = await sendToEnd(server, `at=tokens,do=${how},after_tokens=2`, STREAM);
    expect(received()).not.toContain("[DONE]");
    // what a reset overtakes on its way is lost to the client
    if (how === "cut") expect(received().split('"text":')).toHaveLength(3);
    expect(server.truthLog()).toMatchObject([{ outcome, outputTokens: 2, failure: `tokens:${how}` }]);
  });

  test("finish: a clean end, without reason and mark", async () => {
    const text = await (await failing(await serve(), "at=tokens,do=finish,after_tokens=1", STREAM)).text();
    expect(events(text)).toHaveLength(1);
    expect(text).not.toMatch(/DONE|"stop"/);
  });

  test.each([
    [COMPLETIONS, completion(STREAM), /^data: \{"error":\{"message":"An error was injected\."/, "data: [DONE]"],
    [CHAT, chat(STREAM), /^data: \{"error":\{/, "data: [DONE]"],
    ["/v1/responses", { input: "a b", ...STREAM }, /^event: response\.failed\ndata: .*"status":"failed"/, ""],
    [
      "/v1/messages",
      { messages: [{ role: "user", content: "a" }], max_tokens: 4, model: "goodput-mock", ...STREAM },
      /^event: error\ndata: .*"type":"api_error"/,
      "",
    ],
  ])("an error in the shape of %s", async (path, body, error, mark) => {
    const server = await serve();
    const all = events(await (await failing(server, "at=tokens,do=error,after_tokens=2", body, path)).text());
    expect(all.at(mark === "" ? -1 : -2)).toMatch(error);
    if (mark !== "") expect(all.at(-1)).toBe(mark);
    expect(server.truthLog()).toMatchObject([{ outcome: "error", outputTokens: 2 }]);
  });

  test("garbage, after which it goes on", async () => {
    const server = await serve();
    const all = events(await (await failing(server, "at=tokens,do=garbage,after_tokens=1", STREAM)).text());
    expect(() => JSON.parse(all[1]?.slice("data: ".length) ?? "")).toThrow();
    expect([all.length, all.at(-1)]).toEqual([6, "data: [DONE]"]);
    expect(server.truthLog()).toMatchObject([{ completed: true, failure: "tokens:garbage" }]);
  });

  test("a stall lasts as long as it says and keeps the gaps", async () => {
    const server = await serve({ itl_ms: 2 });
    await (await failing(server, "at=tokens,do=stall,after_tokens=2,stall_ms=40", STREAM)).text();
    const [entry] = server.truthLog();
    const times = (entry?.tokenWritesNs ?? []).map((atNs) => atNs - (entry?.arrivalNs ?? 0));
    expect(times).toHaveLength(4);
    expect(times[2]).toBeGreaterThanOrEqual(44e6);
    expect(times[3]).toBeGreaterThanOrEqual(46e6);
  });

  test("a stall without an end lasts until the client leaves", async () => {
    const server = await serve();
    const headers = { "x-mock-failure": "at=tokens,do=stall,after_tokens=1" };
    const { socket, received } = sendRaw(server, [{ path: COMPLETIONS, body: completion(STREAM), headers }]);
    await until(() => received().includes('"text"'));
    socket.destroy();
    await until(() => server.truthLog()[0]?.outcome === "client_left");
    expect(server.truthLog()).toMatchObject([{ outputTokens: 1 }]);
  });

  test("a drip writes one event byte by byte, and nothing is lost", async () => {
    const server = await serve();
    const plain = await (await failing(server, "none", STREAM)).text();
    server.resetTruth();
    const failure = "at=tokens,do=drip,after_tokens=1,stall_ms=0.1";
    const raw = sendRaw(server, [
      { path: COMPLETIONS, body: completion(STREAM), headers: { "x-mock-failure": failure } },
    ]);
    await until(() => raw.received().endsWith("0\r\n\r\n"));
    expect(raw.received().split("\r\n1\r\n").length).toBeGreaterThan(100);
    server.resetTruth();
    expect(await (await failing(server, failure, STREAM)).text()).toBe(plain);
  });
});

describe("in place of the end of a stream", () => {
  test.each([
    ["finish", /"finish_reason":"stop"/, true],
    ["error", /"error":/, true],
    ["garbage", /"index":0,\n\n/, true],
    ["stall,stall_ms=1", /DONE/, true],
  ])("%s comes after all tokens", async (how, expected) => {
    const server = await serve();
    const text = await (await failing(server, `at=end,do=${how}`, STREAM)).text();
    expect(text).toMatch(expected);
    expect(text.split('"text":')).toHaveLength(5);
    expect(server.truthLog()).toMatchObject([{ outputTokens: 4 }]);
  });

  test.each(["reset", "cut"])("%s", async (how) => {
    const server = await serve();
    const { received } = await sendToEnd(server, `at=end,do=${how}`, STREAM);
    expect(received()).not.toContain("[DONE]");
    expect(server.truthLog()).toMatchObject([{ outcome: "cut", outputTokens: 4 }]);
  });
});

describe("of a whole reply", () => {
  test.each([
    ["at=tokens,do=error", { error: { code: 500 } }],
    ["at=end,do=error", { error: { code: 500 } }],
    ["at=tokens,do=stall,stall_ms=1", { object: "text_completion" }],
    ["at=tokens,do=drip,stall_ms=0.05", { object: "text_completion" }],
    ["at=end,do=stall,stall_ms=1", { object: "text_completion" }],
  ])("%s: status 200 and JSON", async (failure, body) => {
    const response = await failing(await serve(), failure);
    expect([response.status, await response.json()]).toMatchObject([200, body]);
  });

  test.each(["at=tokens,do=garbage", "at=end,do=finish"])("%s: no JSON", async (failure) => {
    const response = await failing(await serve(), failure);
    await expect(response.json()).rejects.toThrow();
  });

  test.each(["reset", "cut"])("%s within its body", async (how) => {
    const { received } = await sendToEnd(await serve(), `at=end,do=${how}`, {});
    expect(received()).not.toMatch(/\}\]/);
    if (how === "cut") expect(received()).toContain("200 OK");
  });

  test("vectors fail in the same ways", async () => {
    const server = await serve({ failures: [{ at: "headers", do: "status", status: 503 }] });
    expect((await post(server, "/v1/embeddings", { input: "a" })).status).toBe(503);
    expect(await (await failing(server, "at=tokens,do=error", { input: "a" }, "/v1/embeddings")).json()).toHaveProperty(
      "error",
    );
  });
});

describe("on connect", () => {
  test("a share of the connections is reset, the same ones each time", async () => {
    const outcomes = async () => {
      const server = await serve({ failures: [{ at: "connect", do: "reset", rate: 0.5 }] });
      const got: boolean[] = [];
      for (let count = 0; count < 12; count += 1) {
        const raw = sendRaw(server, [{ path: COMPLETIONS, body: completion(), headers: { connection: "close" } }]);
        raw.socket.on("error", () => {});
        await until(() => raw.socket.closed);
        got.push(raw.received().includes("200 OK"));
      }
      return got;
    };
    const first = await outcomes();
    expect(new Set(first)).toEqual(new Set([true, false]));
    expect(await outcomes()).toEqual(first);
  });

  test("a request that asks for it is not read", async () => {
    const server = await serve();
    const { received } = await sendToEnd(server, "at=connect,do=reset", {});
    expect([received(), server.truthLog()]).toEqual(["", []]);
  });
});

test("a header that cannot be read is refused", async () => {
  const response = await failing(await serve(), "at=never");
  expect([response.status, await response.json()]).toMatchObject([400, { error: { code: "invalid_failure" } }]);
});

describe("limits", () => {
  test("fail_after_requests counts requests for text of all kinds, and nothing else fails", async () => {
    const server = await serve({ fail_after_requests: 2 });
    const statuses = [
      (await post(server, CHAT, chat())).status,
      (await post(server, COMPLETIONS, completion())).status,
      (await post(server, CHAT, chat())).status,
    ];
    expect(statuses).toEqual([200, 200, 500]);
    expect(await (await post(server, COMPLETIONS, completion())).json()).toMatchObject({
      error: { type: "server_error", code: "fail_after_requests" },
    });
    expect((await post(server, "/v1/embeddings", { input: "a" })).status).toBe(200);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  test.each([true, false])(
    "max_concurrent_requests: the others wait until the end of a reply, streamed %j",
    async (stream) => {
      const server = await serve({ max_concurrent_requests: 1, ttft_ms: 10, itl_ms: 5 });
      const replies = await Promise.all([1, 2, 3].map(() => post(server, COMPLETIONS, completion({ stream }))));
      await Promise.all(replies.map((reply) => reply.text()));
      const log = server.truthLog();
      for (const [at, entry] of log.entries()) {
        const before = log[at - 1];
        if (before !== undefined) expect(entry.admittedNs).toBeGreaterThanOrEqual(before.endNs ?? Number.NaN);
        expect((entry.tokenWritesNs[0] ?? 0) - (entry.admittedNs ?? 0)).toBeGreaterThanOrEqual(10e6);
      }
      expect(log).toHaveLength(3);
    },
  );

  test("max_waiting_requests: what finds no place gets the answer of vLLM", async () => {
    const options: MockServerOptionsInput = { max_concurrent_requests: 1, max_waiting_requests: 0, hang_rate: 0 };
    const server = await serve({ ...options, ttft_ms: 10_000 });
    const running = sendRaw(server, [{ path: COMPLETIONS, body: completion(STREAM) }]);
    await until(() => server.truthLog().length === 1);
    const refused = await post(server, COMPLETIONS, completion());
    const recorded = readFileSync(new URL("fixtures/overload-503.http", import.meta.url), "utf8");
    expect([refused.status, await refused.text()]).toEqual([503, recorded.slice(recorded.indexOf("\r\n\r\n") + 4)]);
    expect(refused.headers.get("connection")).toBe("close");
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/rejections_total\{.*\} 1\.0$/m);
    running.socket.destroy();
  });
});

describe("captured requests", () => {
  test("as they came, the newest, with credentials masked", async () => {
    const server = await serve({ capture_requests: 2 });
    await post(server, CHAT, chat());
    await post(server, COMPLETIONS, completion({ seed: 5 }), { authorization: "Bearer hunter2" });
    const form = new FormData();
    form.append("file", new File([new Uint8Array([0xff, 0xfe])], "a.wav"));
    await fetch(`${server.url}/v1/audio/transcriptions?x=1`, { method: "POST", body: form });
    const captured = await (await fetch(`${server.url}/captured`)).json();
    expect(captured).toEqual(server.requests());
    expect(captured).toMatchObject([
      { method: "POST", url: COMPLETIONS, body: { seed: 5 }, headers: { authorization: "**********" } },
      { url: "/v1/audio/transcriptions?x=1", body: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/) },
    ]);
    expect(JSON.stringify(captured)).not.toContain("hunter2");
    await post(server, "/truth/reset", {});
    expect(server.requests()).toEqual([]);
  });

  test("none unless asked for", async () => {
    const server = await serve();
    await post(server, CHAT, chat());
    expect(server.requests()).toEqual([]);
  });
});

describe("/metrics", () => {
  const sample = readFileSync(new URL("fixtures/metrics-sample.txt", import.meta.url), "utf8");
  const comments = (text: string) => text.split("\n").filter((line) => line.startsWith("# "));
  const names = (text: string) =>
    [...text.matchAll(/^(\w+:\w+)\{(.*)\} \S+$/gm)].map(([, name, labels = ""]) => {
      return `${name} ${[...labels.matchAll(/(\w+)="/g)].map(([, label]) => label).join(",")}`;
    });

  test("every series has name, type, help and labels of a recorded one", async () => {
    const server = await serve();
    await (await post(server, CHAT, chat())).text();
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get("content-type")).toBe("text/plain; version=1.0.0; charset=utf-8");
    const text = await response.text();
    for (const comment of comments(text)) expect(comments(sample)).toContain(comment);
    const known = new Set(names(sample));
    // the recording has the buckets of these three left out
    for (const name of ["e2e_request_latency_seconds", "request_queue_time_seconds", "request_prompt_tokens"]) {
      known.add(`vllm:${name}_bucket engine,le,model_name`);
    }
    known.add("vllm:request_generation_tokens_bucket engine,le,model_name");
    for (const name of names(text)) expect(known).toContain(name);
    for (const bucket of text.matchAll(/^vllm:(?:time_to_first|inter)_token_\w+_bucket\{.*?le="([^"]+)"/gm)) {
      expect(sample).toContain(`le="${bucket[1]}"`);
    }
  });

  test("histograms agree with the truth", async () => {
    const server = await serve({ ttft_ms: 3, itl_ms: 1, output_tokens: 5 });
    for (const stream of [true, false]) await (await post(server, COMPLETIONS, completion({ stream }))).text();
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const value = (name: string) => Number(new RegExp(`^vllm:${name}\\{[^}]*\\} (\\S+)$`, "m").exec(text)?.[1]);
    const seconds = server.truthLog().map(({ arrivalNs, endNs }) => ((endNs ?? 0) - arrivalNs) / 1e9);
    const first = server.truthLog().map(({ arrivalNs, tokenWritesNs }) => ((tokenWritesNs[0] ?? 0) - arrivalNs) / 1e9);
    expect(value("e2e_request_latency_seconds_count")).toBe(2);
    expect(value("e2e_request_latency_seconds_sum")).toBeCloseTo(
      seconds.reduce((sum, one) => sum + one),
      9,
    );
    expect(value("time_to_first_token_seconds_sum")).toBeCloseTo(
      first.reduce((sum, one) => sum + one),
      9,
    );
    expect(value("inter_token_latency_seconds_count")).toBe(4);
    expect(value("request_generation_tokens_sum")).toBe(10);
    expect(value("request_prompt_tokens_sum")).toBe(6);
    expect(value("request_queue_time_seconds_sum")).toBe(0);
    expect(text).toContain(
      'vllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf",model_name="goodput-mock"} 2.0',
    );
  });
});

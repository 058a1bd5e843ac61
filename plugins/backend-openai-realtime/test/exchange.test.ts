import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIWebSocketArgsInput } from "../src/index.js";
import type { OpenAIWebSocketBackend } from "../src/openai-websocket-backend.js";
import { answer, type RealtimeScript, type RealtimeServer, startRealtimeServer } from "./support/realtime-server.js";
import { audioRequest, failureOf, sendRequest, startBackend } from "./support/send-request.js";
import { wavFile } from "./support/wav.js";

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

const delta = (text: unknown): object => ({ type: "transcription.delta", delta: text });
const done = (more: object = {}): object => ({ type: "transcription.done", ...more });

describe("what is sent", () => {
  test("is the session, the audio in pieces, and two commits", async () => {
    const { server, backend } = await start({ event: answer(done()) }, { chunk_samples: 2 });
    const audio = wavFile([0.5, -0.5, 0, 1, -1]);
    await sendRequest(backend, { request: audioRequest({ columns: { audio_column: [{ audio, format: "wav" }] } }) });
    const pieces = [Int16Array.of(16384, -16383), Int16Array.of(0, 32766), Int16Array.of(-32767)];
    expect(server.events).toEqual([
      { type: "session.update", model: "tiny" },
      ...pieces.map((piece) => ({
        type: "input_audio_buffer.append",
        audio: Buffer.from(piece.buffer).toString("base64"),
      })),
      { type: "input_audio_buffer.commit", final: false },
      { type: "input_audio_buffer.commit", final: true },
    ]);
  });

  test("extras are merged into the session, but for type and model", async () => {
    const extras = { language: "en", type: "other", model: "other" };
    const { server, backend } = await start({ event: answer(done()) }, { extras });
    await sendRequest(backend);
    expect(server.events[0]).toEqual({ language: "en", type: "session.update", model: "tiny" });
  });

  test("the key goes with the handshake", async () => {
    const { server, backend } = await start({ event: answer(done()) }, { api_key: "sk-1" });
    await sendRequest(backend);
    expect(server.sessions[0]?.head.headers).toMatchObject({ authorization: "Bearer sk-1" });
    expect(server.sessions[0]?.head.url).toBe("/v1/realtime");
  });

  test.each([
    ["bytes", (bytes: Uint8Array) => bytes],
    ["base64", (bytes: Uint8Array) => Buffer.from(bytes).toString("base64")],
    ["a data URL", (bytes: Uint8Array) => `data:audio/wav;base64,${Buffer.from(bytes).toString("base64")}`],
  ])("audio as %s", async (_, form) => {
    const { server, backend } = await start({ event: answer(done()) });
    const audio = form(wavFile([0.5, 0.5]));
    await sendRequest(backend, { request: audioRequest({ columns: { audio_column: [{ audio }] } }) });
    expect(server.events[1]).toMatchObject({
      audio: Buffer.from(Int16Array.of(16384, 16384).buffer).toString("base64"),
    });
  });

  test("raw samples with their rate", async () => {
    const { server, backend } = await start({ event: answer(done()) });
    const item = { audio: new Uint8Array(Int16Array.of(0, 9, 16384, 9).buffer), format: "pcm16", sample_rate: 32_000 };
    await sendRequest(backend, { request: audioRequest({ columns: { audio_column: [item] } }) });
    expect(server.events[1]).toMatchObject({ audio: Buffer.from(Int16Array.of(0, 16384).buffer).toString("base64") });
  });

  test("more audio than the kernel takes at once arrives whole", async () => {
    const { server, backend } = await start({ event: answer(done()) }, { chunk_samples: 100_000 });
    const audio = new Uint8Array(3_000_000);
    await sendRequest(backend, { request: audioRequest({ columns: { audio_column: [{ audio, format: "pcm" }] } }) });
    const samples = server.events
      .filter(({ type }) => type === "input_audio_buffer.append")
      .map((event) => Buffer.byteLength(String(event["audio"]), "base64") / 2);
    expect(samples).toEqual(Array.from({ length: 15 }, () => 100_000));
    expect(server.events.at(-1)).toEqual({ type: "input_audio_buffer.commit", final: true });
  });

  test("with a pace the transcription starts first, and nothing is sent before it is due", async () => {
    const { server, backend } = await start({ event: answer(done()) }, { pace: 20, chunk_samples: 1600 });
    const { timings } = await sendRequest(backend); // 0.5 s of audio
    expect(server.events.map(({ type }) => type)).toEqual([
      "session.update",
      "input_audio_buffer.commit",
      ...Array.from({ length: 5 }, () => "input_audio_buffer.append"),
      "input_audio_buffer.commit",
    ]);
    expect(timings.firstByteNs - timings.sendNs).toBeGreaterThanOrEqual(25e6);
  });
});

describe("what cannot be sent is refused before it is", () => {
  const wav = { audio: wavFile([0]), format: "wav" };
  test.each<[string, Readonly<Record<string, readonly unknown[]>>, string]>([
    [
      "no audio",
      { text_column: ["hello"] },
      "exactly one item in audio_column and has 0; it has the columns text_column",
    ],
    ["two items", { audio_column: [wav, wav] }, "exactly one item in audio_column and has 2"],
    ["no samples", { audio_column: [{ audio: wavFile([]), format: "wav" }] }, "no samples"],
    ["another format", { audio_column: [{ audio: new Uint8Array(9), format: "mp3" }] }, 'its format is "mp3"'],
    ["no format", { audio_column: [{ audio: new Uint8Array(9) }] }, "its format is not stated"],
    ["a bad rate", { audio_column: [{ audio: new Uint8Array(4), format: "pcm", sample_rate: 0 }] }, "sample_rate"],
    ["text", { audio_column: ["speech.wav"] }, "must be an object"],
    ["no bytes", { audio_column: [{ format: "wav" }] }, "must be bytes or base64"],
  ])("%s", async (_, columns, message) => {
    const { server, backend } = await start({});
    const prepare = () => backend.prepare(audioRequest({ columns }), null);
    expect(prepare).toThrow(
      expect.objectContaining({ code: "CORE_BACKEND_UNUSABLE_REQUEST", message: expect.stringContaining(message) }),
    );
    expect(server.sessions).toHaveLength(0);
  });

  test("earlier turns", async () => {
    const { backend } = await start({});
    const prepare = () => backend.prepare(audioRequest(), [{ request: audioRequest(), response: null }]);
    expect(prepare).toThrow(expect.objectContaining({ code: "CORE_BACKEND_UNUSABLE_REQUEST" }));
  });

  test("without a model", async () => {
    const { backend } = await start({}, { model: "" });
    expect(() => backend.prepare(audioRequest(), null)).toThrow(
      expect.objectContaining({ code: "CORE_BACKEND_NO_MODEL" }),
    );
  });
});

describe("what arrives", () => {
  test("deltas are text, events and tokens; empty ones are events", async () => {
    const { backend } = await start({ event: answer(delta("he"), delta(""), delta("llo"), done({ text: null })) });
    const { events, terminal, timings } = await sendRequest(backend);
    expect(events.map(({ type }) => type)).toEqual(["first-token", "final"]);
    expect(terminal.response.text).toBe("hello");
    expect([timings.iterations, timings.tokenIterations]).toEqual([3, 2]);
    expect(timings.firstOutputTokenNs).toBe(timings.firstTokenNs);
  });

  test("the closing text replaces the deltas, unless it is empty", async () => {
    for (const [text, expected] of [
      ["Hello.", "Hello."],
      ["", "hello"],
    ] as const) {
      const { backend } = await start({ event: answer(delta("hello"), done({ text })) });
      expect((await sendRequest(backend)).terminal.response.text).toBe(expected);
    }
  });

  test("a closing text without deltas is one event with one token", async () => {
    const { backend } = await start({ event: answer(delta(""), done({ text: "hi" })) });
    const { events, timings } = await sendRequest(backend);
    expect(events.map(({ type }) => type)).toEqual(["first-token", "final"]);
    expect([timings.iterations, timings.tokenIterations]).toEqual([2, 1]);
  });

  test("no text at all completes with an event and without a token", async () => {
    const { backend } = await start({ event: answer(done()) });
    const { events, terminal, timings } = await sendRequest(backend);
    expect(events).toEqual([expect.objectContaining({ type: "final" })]);
    expect(terminal.response).toMatchObject({ text: "", outputMetrics: { text_words: 0, text_tokens: null } });
    expect([timings.iterations, timings.tokenIterations]).toEqual([1, 0]);
  });

  test.each([
    [{ prompt_tokens: 13, completion_tokens: 4, total_tokens: 17 }, 13, 4],
    [{ input_tokens: 13, output_tokens: 4 }, 13, 4],
    [{ type: "duration", seconds: 1 }, null, null],
    [{ prompt_tokens: -1, completion_tokens: "4" }, null, null],
    [null, null, null],
  ])("usage %j", async (usage, audioTokens, textTokens) => {
    const { backend } = await start({ event: answer(delta("one two"), done({ usage })) });
    const { response } = (await sendRequest(backend)).terminal;
    expect(response.inputMetrics).toMatchObject({ audio_tokens: audioTokens, audio_samples: 8000, audio_seconds: 0.5 });
    expect(response.inputMetrics.text_tokens).toBeNull();
    expect(response.outputMetrics).toMatchObject({ text_tokens: textTokens, text_words: 2, text_characters: 7 });
  });

  test("request_args tell model, path and size of a piece, never the audio; without texts nothing is kept", async () => {
    const { backend } = await start({ event: answer(delta("hi"), done()) });
    const kept = await sendRequest(backend);
    expect(JSON.parse(kept.terminal.response.requestArgs ?? "")).toEqual({
      ...{ model: "tiny", path: "/v1/realtime", chunk_samples: 3200 },
    });
    const { response } = (await sendRequest(backend, { keepText: false })).terminal;
    expect(response).toMatchObject({ requestArgs: null, text: null, outputMetrics: { text_words: 1 } });
  });

  test("binary messages are read as text, unknown events are passed over", async () => {
    const script: RealtimeScript = {
      event: (session, event) => {
        if (event["final"] !== true) return;
        session.send({ type: "rate_limits.updated" });
        session.webSocket.send(Buffer.from(JSON.stringify(done({ text: "bytes" }))), { binary: true });
      },
    };
    const { backend } = await start(script);
    expect((await sendRequest(backend)).terminal.response.text).toBe("bytes");
  });

  test("bytes in both directions are counted", async () => {
    const { backend } = await start({ event: answer(done({ text: "hi" })) });
    const { timings } = await sendRequest(backend);
    expect(timings.responseBytes).toBe(JSON.stringify(done({ text: "hi" })).length);
    expect(timings.requestBytes).toBeGreaterThan((8000 * 2 * 4) / 3);
  });
});

describe("errors", () => {
  test.each<[string, object | string, string, string]>([
    ["code and message", { type: "error", error: { code: "c", message: "m" } }, "SERVER_ERROR", "c: m"],
    ["message alone", { type: "error", error: { message: "m" } }, "SERVER_ERROR", "error: m"],
    ["code alone", { type: "error", error: { code: "c" } }, "SERVER_ERROR", "error: c"],
    ["a text with a code beside it", { type: "error", error: "m", code: "c" }, "SERVER_ERROR", "c: m"],
    ["a text", { type: "error", error: "m" }, "SERVER_ERROR", "error: m"],
    ["beside the type", { type: "error", message: "m", code: "c" }, "SERVER_ERROR", "c: m"],
    ["another object", { type: "error", error: { why: "x" } }, "SERVER_ERROR", '{"why":"x"}'],
    ["null", { type: "error", error: null }, "SERVER_ERROR", "WebSocket error"],
    ["empty", { type: "error", error: "" }, "SERVER_ERROR", "WebSocket error"],
    ["no JSON", "oops", "MALFORMED", "not a JSON object"],
    ["no object", "[1]", "MALFORMED", "not a JSON object"],
  ])("an error event: %s", async (_, event, code, message) => {
    const { backend } = await start({ event: answer(delta("so far"), event) });
    const partial = failureOf(await sendRequest(backend));
    expect(partial).toMatchObject({
      reason: "errored",
      response: { text: "so far" },
      failure: { code: `OPENAI_WEBSOCKET_${code}`, phase: "stream", message: expect.stringContaining(message) },
    });
  });

  test("a long error is cut", async () => {
    const { backend } = await start({ event: answer({ type: "error", error: { text: "x".repeat(5000) } }) });
    const { failure } = failureOf(await sendRequest(backend));
    expect(failure.message.length).toBeLessThan(600);
    expect(failure.body?.length).toBe(1024);
  });

  test("a key that the server repeats is masked", async () => {
    const { backend } = await start(
      { event: answer({ type: "error", error: "bad key sk-very-secret" }) },
      { api_key: "sk-very-secret" },
    );
    const text = JSON.stringify(failureOf(await sendRequest(backend)));
    expect(text).not.toContain("sk-very-secret");
    expect(text).toContain("bad key");
  });

  test("more than 50,000 events without a meaning", async () => {
    const script: RealtimeScript = {
      event: (session, event) => {
        if (event["final"] !== true) return;
        for (let count = 0; count < 50_001; count += 1) session.send('{"type":"noise"}');
      },
    };
    const { backend } = await start(script);
    expect(failureOf(await sendRequest(backend)).failure.code).toBe("OPENAI_WEBSOCKET_TOO_MANY_EVENTS");
  });

  test.each<[string, RealtimeScript["opened"], string, string]>([
    ["an error", (session) => session.send({ type: "error", error: "full" }), "SERVER_ERROR", "full"],
    ["another event", (session) => session.send({ type: "hello" }), "NO_GREETING", '"hello"'],
    ["no JSON", (session) => session.send("hello"), "NO_GREETING", "no JSON object"],
    ["a close", (session) => session.webSocket.close(1013, "later"), "CONNECTION_LOST", "code 1013: later"],
    ["an end", (session) => session.socket.destroy(), "CONNECTION_LOST", "code 1006"],
  ])("a greeting that is %s", async (_, opened, code, message) => {
    const { backend } = await start(opened === undefined ? {} : { opened });
    const { failure } = failureOf(await sendRequest(backend));
    expect(failure).toMatchObject({ code: `OPENAI_WEBSOCKET_${code}`, phase: "connect" });
    expect(failure.message).toContain(message);
  });

  test.each<[readonly [number, string], string]>([
    [[401, '{"error":"no key"}'], "UNAUTHORIZED"],
    [[403, ""], "UNAUTHORIZED"],
    [[404, "no such path"], "HANDSHAKE_REFUSED"],
    [[301, ""], "HANDSHAKE_REFUSED"],
    [[503, "x".repeat(100_000)], "HANDSHAKE_REFUSED"],
  ])("a handshake refused with %j", async (refuse, code) => {
    const { backend } = await start({ refuse });
    const { failure } = failureOf(await sendRequest(backend));
    expect(failure).toMatchObject({ code: `OPENAI_WEBSOCKET_${code}`, phase: "connect", status: refuse[0] });
    expect(failure.body ?? "").toBe(refuse[1].slice(0, 1024));
  });

  test("frames that are none", async () => {
    const script: RealtimeScript = {
      event: (session, event) => {
        if (event["final"] === true) session.socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
      },
    };
    const { backend } = await start(script);
    expect(failureOf(await sendRequest(backend)).failure.code).toBe("OPENAI_WEBSOCKET_PROTOCOL_ERROR");
  });

  test("a close in mid-stream keeps what had arrived", async () => {
    const script: RealtimeScript = {
      event: (session, event) => {
        if (event["final"] !== true) return;
        session.send(delta("half"));
        session.webSocket.close(1011, "engine died");
      },
    };
    const { backend } = await start(script);
    const { failure, response } = failureOf(await sendRequest(backend));
    expect(response.text).toBe("half");
    expect(failure).toMatchObject({ code: "OPENAI_WEBSOCKET_CONNECTION_LOST", phase: "stream" });
    expect(failure.message).toContain("code 1011: engine died");
  });

  test("no event within timeout", async () => {
    const { backend } = await start({ event: answer(delta("half")) }, { timeout: 0.02 });
    const { failure, response } = failureOf(await sendRequest(backend));
    expect(failure).toMatchObject({ code: "OPENAI_WEBSOCKET_READ_TIMEOUT", phase: "stream" });
    expect(response.text).toBe("half");
  });

  test("no greeting within timeout_connect", async () => {
    const { backend } = await start({ opened: () => {} }, { timeout_connect: 0.02 });
    const { failure } = failureOf(await sendRequest(backend));
    expect(failure).toMatchObject({ code: "OPENAI_WEBSOCKET_CONNECT_TIMEOUT", phase: "connect" });
  });
});

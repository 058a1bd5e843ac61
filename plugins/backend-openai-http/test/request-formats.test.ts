import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type OpenAIHttpBackend, registerRequestFormat, requestFormats } from "../src/index.js";
import { chunk, LAST_CHUNK, type RawServer, reply, STREAM_HEAD, startRawServer } from "./support/raw-server.js";
import { failureOf, sendRequest, startBackend, textRequest } from "./support/send-request.js";

const open: (OpenAIHttpBackend | RawServer)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse())
    await ("shutdown" in resource ? resource.shutdown() : resource.close());
});

/** A server that answers everything with these bytes, and a backend that asks it. */
async function answering(bytes: string | Buffer, args: Parameters<typeof startBackend>[1]) {
  const server = await startRawServer((socket) => void socket.write(bytes));
  open.push(server);
  const backend = await startBackend(server.url, args);
  open.push(backend);
  return { server, backend };
}

function recorded(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}.http`, import.meta.url));
}

const audio = {
  type: "audio_file",
  audio: Buffer.from("RIFF"),
  format: "wav",
  mimetype: "audio/wav",
  file_name: "a.wav",
};
const speech = textRequest({ columns: { audio_column: [audio] } });
const ranking = textRequest({ columns: { query_column: ["light"], documents_column: [["day", "night"]] } });

describe("recorded answers", () => {
  test.each([
    ["/v1/embeddings", "embeddings", textRequest(), { text_tokens: 3 }, "embd-8a34127e75f9a431"],
    [
      "/v1/embeddings",
      "embeddings-base64",
      textRequest({ columns: { text_column: ["a", "b"] } }),
      { text_tokens: 5 },
      "embd-af57552739aea27c",
    ],
    ["/rerank", "rerank", ranking, { text_tokens: 7 }, "score-9ab03050fb3757dc"],
    [
      "/score",
      "score",
      textRequest({ columns: { text_column: ["light", "day"] } }),
      { text_tokens: 5 },
      "score-b99d7a75a7491354",
    ],
  ] as const)("%s: %s", async (request_format, name, request, input, id) => {
    const { backend, server } = await answering(recorded(name), { request_format });
    await backend.warm(1);
    const { terminal, timings } = await sendRequest(backend, { request });
    expect(terminal).toMatchObject({
      type: "final",
      response: { responseId: id, text: null, finishReason: null, inputMetrics: input },
    });
    expect(terminal.response.outputMetrics.text_tokens).toBeNull();
    expect(server.requests[0]?.head.split(" HTTP")[0]).toBe(`POST ${request_format}`);
    expect(server.requests[0]?.body).not.toContain("stream");
    expect([timings.firstTokenNs, timings.lastTokenNs, timings.tokenIterations]).toEqual([Number.NaN, Number.NaN, 0]);
    expect(timings.endNs).toBeGreaterThan(timings.sendNs);
    expect(timings.responseBytes).toBeGreaterThan(200);
  });

  test("one vector for two texts is not usable", async () => {
    const { backend } = await answering(recorded("embeddings"), { request_format: "/v1/embeddings" });
    const { failure } = failureOf(
      await sendRequest(backend, { request: textRequest({ columns: { text_column: ["a", "b"] } }) }),
    );
    expect(failure).toMatchObject({
      code: "OPENAI_HTTP_UNUSABLE",
      message: "The response holds 1 vectors in place of 2",
    });
  });

  test("a refusal keeps what the server said", async () => {
    const { backend } = await answering(recorded("embeddings-dimensions-error"), { request_format: "/v1/embeddings" });
    expect(failureOf(await sendRequest(backend)).failure).toMatchObject({
      code: "OPENAI_HTTP_CLIENT_ERROR",
      status: 400,
      message: expect.stringContaining("does not support Matryoshka embeddings"),
    });
  });
});

describe("audio", () => {
  test("is sent as a form, and the report has its digest in place of its bytes", async () => {
    const { backend, server } = await answering(reply(200, '{"text":"hello"}'), {
      request_format: "/v1/audio/transcriptions",
      stream: false,
      extras: { body: { language: "en" }, headers: { "Content-Type": "text/plain" } },
    });
    const { terminal, timings } = await sendRequest(backend, { request: speech });
    expect(terminal).toMatchObject({ type: "final", response: { text: "hello" } });
    const [request] = server.requests;
    expect(request?.head.match(/content-type: .*/gi)).toEqual([
      "content-type: multipart/form-data; boundary=goodput-form-5f0c1d7be93a4286",
    ]);
    const boundary = "--goodput-form-5f0c1d7be93a4286";
    expect(request?.body.split("\r\n")).toEqual([
      boundary,
      'Content-Disposition: form-data; name="model"',
      "",
      "tiny",
      boundary,
      'Content-Disposition: form-data; name="language"',
      "",
      "en",
      boundary,
      'Content-Disposition: form-data; name="file"; filename="a.wav"',
      "Content-Type: audio/wav",
      "",
      "RIFF",
      `${boundary}--`,
      "",
    ]);
    expect(timings.requestBytes).toBe(request?.body.length);
    const sent = JSON.parse(terminal.response.requestArgs ?? "");
    expect(sent.body).toEqual({ model: "tiny", language: "en" });
    expect(sent.files).toEqual({
      file: [
        "a.wav",
        "<4 bytes, sha256 a40ff3d5900fb7698b8c865041347cb49eccedc8f93945f89629ad104aaecce4>",
        "audio/wav",
      ],
    });
  });

  const events = [
    '{"id":"trsc-1","object":"transcription.chunk","choices":[{"delta":{"content":"good"},"finish_reason":null}]}',
    '{"id":"trsc-1","object":"transcription.chunk","choices":[{"delta":{"content":" day"},"finish_reason":"stop"}]}',
    '{"id":"trsc-1","object":"transcription.chunk","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}',
    "[DONE]",
  ];
  const typed = [
    '{"type":"transcript.text.delta","delta":"good"}',
    '{"type":"transcript.text.delta","delta":" day"}',
    '{"type":"transcript.text.done","text":"good day","usage":{"type":"tokens","input_tokens":9,"output_tokens":2}}',
  ];

  test.each([
    ["vLLM", events],
    ["OpenAI", typed],
  ])("the stream of %s has tokens, times and usage", async (_name, sent) => {
    const body = sent.map((event) => chunk(`data: ${event}\n\n`)).join("");
    const { backend } = await answering(STREAM_HEAD + body + LAST_CHUNK, { request_format: "/v1/audio/translations" });
    await backend.warm(1);
    const { terminal, timings, events: told } = await sendRequest(backend, { request: speech });
    expect(told.map(({ type }) => type)).toEqual(["first-token", "final"]);
    expect(terminal).toMatchObject({
      response: { text: "good day", inputMetrics: { audio_tokens: 9 }, outputMetrics: { text_tokens: 2 } },
    });
    expect(timings.tokenIterations).toBe(2);
    expect(timings.firstOutputTokenNs).toBe(timings.firstTokenNs);
  });

  test("an answer that is no transcription is not usable", async () => {
    const { backend } = await answering(reply(200, "{}"), { request_format: "/v1/audio/transcriptions" });
    expect(failureOf(await sendRequest(backend, { request: speech })).failure).toMatchObject({
      code: "OPENAI_HTTP_UNUSABLE",
      message: "The response holds no text",
    });
  });
});

describe("a format of another package", () => {
  const definition = {
    name: "/v1/echo",
    packageName: "echo-format",
    packageVersion: "1.0.0",
    summary: "Says it back.",
    format: {
      ...(requestFormats.create({ kind: "/v1/embeddings" }, undefined) as object),
      neverStreams: true,
      buildBody: () => ({ say: "it" }),
      createReader: () => requestFormats.create({ kind: "/score" }, undefined).createReader({}),
      sampleEvents: () => ['{"data":[1]}'],
    },
  } as const;

  test("is refused before it is registered and sent afterwards", async () => {
    await expect(startBackend("http://127.0.0.1:1", { request_format: "/v1/echo" })).rejects.toThrow(
      "backend.request_format: must be one of /v1/chat/completions, /v1/completions,",
    );
    registerRequestFormat(definition);
    registerRequestFormat(definition);
    const { backend, server } = await answering(reply(200, '{"id":"1","data":[1]}'), {
      request_format: "/v1/echo",
      api_routes: { "/v1/echo": "/other/echo" },
    });
    await backend.warm(1);
    expect((await sendRequest(backend)).terminal).toMatchObject({ type: "final", response: { responseId: "1" } });
    expect(server.requests[0]).toMatchObject({ body: '{"say":"it"}' });
    expect(server.requests[0]?.head).toMatch(/^POST \/other\/echo /);
    expect(() => registerRequestFormat({ ...definition, packageName: "another" })).toThrow(
      'The request format kind "/v1/echo" is registered by two packages',
    );
  });
});

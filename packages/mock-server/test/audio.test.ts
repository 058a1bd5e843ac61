import { describe, expect, test } from "@jest/globals";
import type { MockServer } from "../src/index.js";
import { serve } from "./support/server-test.js";

const PATH = "/v1/audio/transcriptions";
const SECOND = new Uint8Array(32_000);

/** Posts a form with one second of WAV, unless a file is given. */
function postForm(server: MockServer, path: string, fields: Readonly<Record<string, string>>, file = wave()) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("file", file);
  return fetch(server.url + path, { method: "POST", body });
}

function wave(bytes: Uint8Array = SECOND, name = "a.wav", type = "audio/wav"): File {
  return new File([bytes as Uint8Array<ArrayBuffer>], name, { type });
}

async function eventsOf(response: Response): Promise<unknown[]> {
  const events = (await response.text()).split("\n\n").filter((event) => event !== "");
  return events.map((event) => (event === "data: [DONE]" ? "[DONE]" : JSON.parse(event.slice("data: ".length))));
}

const STREAM = { stream: "true", stream_include_usage: "true", stream_continuous_usage_stats: "true" };

describe("whole", () => {
  test("text and usage, as GuideLLM's mock server counts it", async () => {
    const response = await postForm(await serve(), PATH, { model: "goodput-mock" });
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({
      text: " the of and to",
      usage: { type: "duration", seconds: 1, prompt_tokens: 25, completion_tokens: 4, total_tokens: 29 },
    });
  });

  test("verbose", async () => {
    const fields = { response_format: "verbose_json", language: "de" };
    const reply = await (await postForm(await serve(), "/v1/audio/translations", fields)).json();
    expect(reply).toMatchObject({ task: "translate", language: "de", duration: 1, text: " the of and to" });
  });

  test("as OpenAI has it", async () => {
    const reply = await (await postForm(await serve({ audio_dialect: "openai" }), PATH, {})).json();
    expect(reply).toEqual({
      text: " the of and to",
      usage: {
        ...{ type: "tokens", input_tokens: 25, output_tokens: 4, total_tokens: 29 },
        input_token_details: { text_tokens: 0, audio_tokens: 25 },
      },
    });
  });

  test.each([
    [SECOND, "a.wav", "application/octet-stream", 1],
    [SECOND, "a", "audio/pcm", 1],
    [SECOND, "a.mp3", "audio/mpeg", 4],
    [new Uint8Array(100), "a.flac", "audio/flac", 0.013],
  ])("length of %# is estimated from the bytes", async (bytes, name, type, seconds) => {
    const response = await postForm(await serve({ audio_tokens_per_second: 10 }), PATH, {}, wave(bytes, name, type));
    expect(await response.json()).toMatchObject({ usage: { seconds, prompt_tokens: Math.ceil(seconds * 10) } });
  });
});

describe("streamed", () => {
  test("as vLLM does", async () => {
    const server = await serve();
    const response = await postForm(server, PATH, STREAM);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events = await eventsOf(response);
    const head = { id: expect.stringMatching(/^trsc-/), object: "transcription.chunk", model: "goodput-mock" };
    expect(events[0]).toMatchObject({
      ...head,
      choices: [{ delta: { content: " the" }, finish_reason: null }],
      usage: { prompt_tokens: 25, completion_tokens: 1, total_tokens: 26 },
    });
    expect(events[3]).toMatchObject({ ...head, choices: [{ delta: { content: " to" }, finish_reason: "stop" }] });
    expect(events[4]).toMatchObject({ ...head, choices: [], usage: { completion_tokens: 4 } });
    expect(events.slice(5)).toEqual(["[DONE]"]);
    expect(server.truthLog()).toMatchObject([{ path: PATH, promptTokens: 25, outputTokens: 4, completed: true }]);
  });

  test("without usage unless asked for, and translations under their name", async () => {
    const events = await eventsOf(await postForm(await serve(), "/v1/audio/translations", { stream: "True" }));
    expect(events).toHaveLength(5);
    expect(events[0]).toMatchObject({ id: expect.stringMatching(/^trsl-/), object: "translation.chunk" });
    expect(JSON.stringify(events)).not.toContain("usage");
  });

  test("as OpenAI does", async () => {
    const events = await eventsOf(await postForm(await serve({ audio_dialect: "openai" }), PATH, { stream: "1" }));
    expect(events).toEqual([
      { type: "transcript.text.delta", delta: " the" },
      { type: "transcript.text.delta", delta: " of" },
      { type: "transcript.text.delta", delta: " and" },
      { type: "transcript.text.delta", delta: " to" },
      {
        type: "transcript.text.done",
        text: " the of and to",
        usage: expect.objectContaining({ type: "tokens", output_tokens: 4 }),
      },
    ]);
  });
});

describe("refused", () => {
  test.each([
    [{ model: "nope" }, 404, { code: "model_not_found" }],
    [{ response_format: "srt" }, 400, { param: "response_format" }],
    [{ stream: "perhaps" }, 400, { param: "stream" }],
  ])("%j", async (fields, status, error) => {
    const response = await postForm(await serve(), PATH, fields as Record<string, string>);
    expect([response.status, await response.json()]).toMatchObject([status, { error }]);
  });

  test("a form without a file, and what is no form", async () => {
    const { url } = await serve();
    const form = new FormData();
    form.append("file", "text");
    const missing = await fetch(url + PATH, { method: "POST", body: form });
    expect([missing.status, await missing.json()]).toMatchObject([400, { error: { param: "file" } }]);
    const json = await fetch(url + PATH, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect([json.status, await json.json()]).toMatchObject([400, { error: { code: "invalid_form" } }]);
  });
});

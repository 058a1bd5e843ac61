import { UNKNOWN_USAGE } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import { answered, bodyInput } from "../../../test/support/body-input.js";
import { textRequest } from "../../../test/support/send-request.js";
import type { JsonObject } from "../json-object.js";
import type { EventContent } from "../response-reader.js";
import { AUDIO_FORMAT } from "./audio-format.js";

const bytes = Buffer.from("RIFFxxxx");
const item = { type: "audio_file", audio: bytes, format: "wav", mimetype: "audio/wav", file_name: "speech.wav" };
const requestOf = (...audio_column: readonly unknown[]) =>
  textRequest({ columns: { audio_column, text_column: ["not used"], prefix_column: ["not used"] } });

describe("audio body", () => {
  test.each([
    [true, {}, '{"model":"w","stream":true,"stream_include_usage":true,"stream_continuous_usage_stats":true}'],
    [false, {}, '{"model":"w"}'],
    [false, { language: "de", temperature: 0 }, '{"model":"w","language":"de","temperature":0}'],
  ])("stream %j, extras %j", (stream, extraBody, expected) => {
    const request = { ...requestOf(item), outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 9 } };
    const body = AUDIO_FORMAT.buildBody(request, null, bodyInput({ model: "w", stream, extraBody, maxTokens: 5 }));
    expect(JSON.stringify(body)).toBe(expected);
  });

  test("earlier turns are refused, no earlier turn is not", () => {
    const history = [answered(requestOf(item), { text: "earlier" })];
    expect(() => AUDIO_FORMAT.buildBody(requestOf(item), history, bodyInput())).toThrow("do not support multiturn");
    expect(() => AUDIO_FORMAT.buildBody(requestOf(item), [], bodyInput())).not.toThrow();
  });
});

describe("audio file", () => {
  test.each([
    ["as it is", item, { fileName: "speech.wav", mimeType: "audio/wav" }],
    ["a plain array", { ...item, audio: new Uint8Array(bytes) }, { fileName: "speech.wav", mimeType: "audio/wav" }],
    ["base64", { ...item, audio: bytes.toString("base64") }, { fileName: "speech.wav", mimeType: "audio/wav" }],
    ["without a name", { ...item, file_name: "" }, { fileName: "audio_input", mimeType: "audio/wav" }],
    ["without a type", { audio: bytes, format: "FLAC" }, { fileName: "audio_input", mimeType: "audio/flac" }],
  ])("%s", (_name, audio, expected) => {
    const [file, ...others] = AUDIO_FORMAT.buildFiles?.(requestOf(null, audio)) ?? [];
    expect(others).toEqual([]);
    expect(file).toMatchObject({ field: "file", ...expected });
    expect(Buffer.from(file?.bytes ?? []).toString()).toBe("RIFFxxxx");
  });

  test.each([
    ["none", [], "exactly one item in audio_column, got 0"],
    ["two", [item, item], "exactly one item in audio_column, got 2"],
    ["a path", ["speech.wav"], 'needs "audio"'],
    ["no bytes", [{ ...item, audio: null }], 'needs "audio"'],
  ])("%s is refused", (_name, items, message) => {
    expect(() => AUDIO_FORMAT.buildFiles?.(requestOf(...items))).toThrow(
      expect.objectContaining({ code: "CORE_BACKEND_UNUSABLE_REQUEST", message: expect.stringContaining(message) }),
    );
  });
});

function read(events: readonly JsonObject[]) {
  const reader = AUDIO_FORMAT.createReader({});
  const contents: EventContent[] = events.map((event) => reader.readEvent(event));
  return { reader, contents, parts: reader.parts() };
}

function readBody(body: JsonObject) {
  const reader = AUDIO_FORMAT.createReader({});
  reader.readBody(body);
  return { usable: reader.isUsable, parts: reader.parts() };
}

const vllm = (content: string, more: JsonObject = {}) => ({
  id: "trsc-1",
  object: "transcription.chunk",
  choices: [{ delta: { content }, finish_reason: null, ...more }],
});

describe("transcription streams", () => {
  test("of vLLM", () => {
    const { reader, contents, parts } = read([
      vllm("good"),
      vllm(" day", { finish_reason: "stop" }),
      { id: "trsc-1", choices: [], usage: { prompt_tokens: 50, completion_tokens: 2, total_tokens: 52 } },
    ]);
    expect(contents).toEqual(["output", "output", "nothing"]);
    expect([reader.isFinished, reader.isUsable]).toEqual([true, true]);
    expect(parts).toMatchObject({ responseId: "trsc-1", text: "good day", finishReason: "stop" });
    expect(parts.inputMetrics).toEqual({ ...UNKNOWN_USAGE, audio_tokens: 50 });
    expect(parts.outputMetrics).toMatchObject({ text_tokens: 2, text_words: 2, tool_call_count: null });
  });

  test("of OpenAI", () => {
    const usage = {
      type: "tokens",
      input_tokens: 14,
      input_token_details: { text_tokens: 4, audio_tokens: 10 },
      output_tokens: 5,
      total_tokens: 19,
    };
    const { reader, contents, parts } = read([
      { type: "transcript.text.delta", delta: "good" },
      { type: "transcript.text.delta", delta: "" },
      { type: "transcript.text.segment", text: "ignored" },
      { type: "transcript.text.delta", delta: " day" },
      { type: "transcript.text.done", text: "good day", usage },
    ]);
    expect(contents).toEqual(["output", "nothing", "nothing", "output", "nothing"]);
    expect([reader.isFinished, reader.isUsable]).toEqual([true, true]);
    expect(parts.text).toBe("good day");
    expect(parts.inputMetrics).toEqual({ ...UNKNOWN_USAGE, text_tokens: 4, audio_tokens: 10 });
    expect(parts.outputMetrics.text_tokens).toBe(5);
  });

  test("the whole text at the end counts when no piece came before", () => {
    const { contents, parts } = read([{ type: "transcript.text.done", text: "all" }]);
    expect([contents, parts.text]).toEqual([["output"], "all"]);
  });

  test.each([
    ["nothing", [], false],
    ["usage alone", [{ choices: [], usage: { prompt_tokens: 1 } }], false],
    ["an empty text", [vllm("")], true],
    ["silence to the end", [{ type: "transcript.text.done", text: "" }], true],
  ])("%s: usable %j", (_name, events, usable) => {
    expect(read(events).reader.isUsable).toBe(usable);
  });
});

describe("whole transcriptions", () => {
  test.each([
    [{ text: "hello" }, { text: "hello", audio_tokens: null, audio_seconds: null, output: null }],
    [
      { text: "hello", usage: { type: "duration", seconds: 3 } },
      { text: "hello", audio_tokens: null, audio_seconds: 3, output: null },
    ],
    [
      { text: "", id: "t", usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10, seconds: 1.5 } },
      { text: "", audio_tokens: 9, audio_seconds: 1.5, output: 1 },
    ],
    [
      { task: "transcribe", language: "english", duration: 8.47, text: "hi", segments: [] },
      { text: "hi", audio_tokens: null, audio_seconds: 8.47, output: null },
    ],
  ])("%j", (body, expected) => {
    const { usable, parts } = readBody(body);
    expect(usable).toBe(true);
    expect({
      text: parts.text,
      audio_tokens: parts.inputMetrics.audio_tokens,
      audio_seconds: parts.inputMetrics.audio_seconds,
      output: parts.outputMetrics.text_tokens,
    }).toEqual(expected);
  });

  test.each([[{}], [{ text: null }], [{ usage: { prompt_tokens: 3 } }]])("%j is not usable", (body) => {
    expect(readBody(body).usable).toBe(false);
  });
});

import { describe, expect, test } from "@jest/globals";
import { readFixture, readHttpFixtureBody } from "../../test/support/fixtures.js";
import { SseParser } from "../sse/sse-parser.js";
import { ChatReader } from "./chat-completions/chat-reader.js";
import { CompletionsReader } from "./completions/completions-reader.js";
import { parseJsonObject } from "./json-object.js";
import type { ResponseReader, SimpleEvent, SimpleText } from "./response-reader.js";

/** Feeds a stream; gives what each event carried. */
function feed(reader: ResponseReader, stream: Buffer): string[] {
  const contents: string[] = [];
  const parser = new SseParser({
    event: (bytes, start, end) => {
      const payload = parseJsonObject(bytes.toString("utf8", start, end));
      if (payload !== null) contents.push(reader.readEvent(payload));
    },
  });
  parser.push(stream, 0, stream.length, 1);
  parser.end(1);
  return contents;
}

function chat(...events: readonly object[]): { contents: string[]; reader: ChatReader } {
  const reader = new ChatReader();
  return { contents: events.map((event) => reader.readEvent(event as Record<string, unknown>)), reader };
}

const delta = (content: object, rest: object = {}) => ({ choices: [{ index: 0, delta: content, ...rest }] });

describe("recorded streams", () => {
  test("chat with continuous usage: the role event is no token", () => {
    const reader = new ChatReader();
    const contents = feed(reader, readFixture("chat-stream-continuous.sse"));
    expect(contents).toEqual(["nothing", "output", "output", "output", "output", "nothing"]);
    expect(reader.parts()).toMatchObject({
      responseId: "chatcmpl-b7c3921179736e2d",
      text: " dido dido",
      finishReason: "length",
      inputMetrics: { text_tokens: 3 },
      outputMetrics: { text_tokens: 4, text_words: 2, text_characters: 10 },
    });
  });

  test("completions with continuous usage", () => {
    const reader = new CompletionsReader();
    expect(feed(reader, readFixture("completion-stream-continuous.sse"))).toEqual([
      ...Array(4).fill("output"),
      "nothing",
    ]);
    expect(reader.parts()).toMatchObject({ text: " dido dido", outputMetrics: { text_tokens: 4 } });
  });

  test("tokens with empty text are counted by their ids", () => {
    const reader = new CompletionsReader();
    const contents = feed(reader, readHttpFixtureBody("completion-empty-text.http"));
    expect(contents.filter((content) => content === "output")).toHaveLength(60);
    expect(reader.parts().finishReason).toBe("length");
  });

  test("several tokens per event, metrics and forced usage", () => {
    const reader = new ChatReader();
    const contents = feed(reader, readFixture("chat-with-metrics-stream-interval-4.sse"));
    expect(contents.filter((content) => content === "output").length).toBeLessThan(10);
    expect(reader.parts()).toMatchObject({
      outputMetrics: { text_tokens: 10 },
      inputMetrics: { cached_tokens: 0 },
      responseMetrics: { queue_time_ms: expect.any(Number) },
    });
  });

  test("cached prompt tokens", () => {
    const reader = new CompletionsReader();
    feed(reader, readFixture("completion-prefix-cached-stream.sse"));
    expect(reader.parts().inputMetrics).toMatchObject({ text_tokens: 200, cached_tokens: 128 });
  });

  test("choices of several prompts are counted; only the first one's text is kept", () => {
    const reader = new CompletionsReader();
    const contents = feed(reader, readHttpFixtureBody("completion-two-prompts-n2.http"));
    const { text, outputMetrics } = reader.parts();
    expect(contents.filter((content) => content === "output")).toHaveLength(outputMetrics.text_tokens ?? -1);
    expect(text).toMatch(/^ pl/);
    expect(text).not.toContain("eous pl");
  });

  test.each([
    ["chat-nonstream.json", new ChatReader()],
    ["completion-nonstream.json", new CompletionsReader()],
  ])("%s", (name, reader) => {
    reader.readBody(parseJsonObject(readFixture(name).toString("utf8")) ?? {});
    expect(reader.parts()).toMatchObject({
      text: " dido dido",
      finishReason: "length",
      inputMetrics: { text_tokens: 3 },
      outputMetrics: { text_tokens: 4 },
    });
    expect(reader.isUsable).toBe(true);
  });
});

describe("events with empty text", () => {
  const empty = delta({ content: "" });

  test("count when the running count grew, also as the first token", () => {
    const usage = (completion_tokens: number) => ({ usage: { completion_tokens } });
    const { contents } = chat(
      { ...delta({ role: "assistant", content: "" }), ...usage(0) },
      { ...empty, ...usage(1) },
      { ...delta({ content: "é" }), ...usage(2) },
      { ...empty, ...usage(2) },
      { ...delta({ content: "" }, { finish_reason: "stop" }), ...usage(3) },
    );
    expect(contents).toEqual(["nothing", "output", "output", "nothing", "output"]);
  });

  test("without proof count only between tokens", () => {
    const { contents } = chat(empty, delta({ content: "a" }), empty, delta({ content: "" }, { finish_reason: "stop" }));
    expect(contents).toEqual(["nothing", "output", "output", "nothing"]);
  });

  test("a total that comes with the finishing event alone is no proof", () => {
    const { contents } = chat(delta({ content: "a" }), {
      ...delta({ content: "" }, { finish_reason: "stop" }),
      usage: { completion_tokens: 1 },
    });
    expect(contents).toEqual(["output", "nothing"]);
  });

  test("follow the kind of the last token", () => {
    const { contents } = chat(delta({ reasoning: "r" }), delta({ reasoning: "" }), delta({ content: "a" }), empty);
    expect(contents).toEqual(["reasoning", "reasoning", "output", "output"]);
  });
});

describe("ChatReader", () => {
  test.each(["reasoning", "reasoning_content"])("%s is not output", (name) => {
    const { contents, reader } = chat(
      delta({ [name]: "think" }),
      delta({ [name]: "!", content: "a" }),
      delta({ content: "b" }),
    );
    expect(contents).toEqual(["reasoning", "output", "output"]);
    expect(reader.parts()).toMatchObject({ text: "ab", reasoningText: "think!" });
  });

  test("the same reasoning under both names is kept once", () => {
    expect(chat(delta({ reasoning: "r", reasoning_content: "r" })).reader.parts().reasoningText).toBe("r");
  });

  test("tool calls are put together over interleaved indices", () => {
    const call = (index: number, rest: object) => delta({ tool_calls: [{ index, ...rest }] });
    const { contents, reader } = chat(
      call(1, { id: "b", type: "function", function: { name: "g" } }),
      call(0, { id: "a", function: { name: "get_", arguments: "" } }),
      call(0, { id: null, function: { name: "weather", arguments: '{"x":' } }),
      call(1, { function: { arguments: "{}" } }),
      call(0, { function: { arguments: "1}" } }),
    );
    expect(contents).toEqual(Array(5).fill("output"));
    expect(reader.parts()).toMatchObject({
      text: null,
      toolCalls: [
        { id: "a", type: "function", function: { name: "get_weather", arguments: '{"x":1}' } },
        { id: "b", type: "function", function: { name: "g", arguments: "{}" } },
      ],
      outputMetrics: { tool_call_count: 2, tool_call_tokens: null, mixed_content_tool_tokens: null },
    });
    expect(reader.isUsable).toBe(true);
  });

  test.each([
    ["", 5, null],
    ["and text", null, 5],
  ])("tool tokens beside the text %j", (content, tool_call_tokens, mixed_content_tool_tokens) => {
    const { reader } = chat(delta({ content, tool_calls: [{ index: 0, id: "a" }] }), {
      choices: [],
      usage: { completion_tokens: 5 },
    });
    expect(reader.parts().outputMetrics).toMatchObject({
      tool_call_count: 1,
      tool_call_tokens,
      mixed_content_tool_tokens,
    });
  });

  test("takes odd shapes of other servers", () => {
    const { contents, reader } = chat(
      { choices: null },
      { choices: [], usage: null },
      { choices: [{ delta: null }] },
      { choices: [{ delta: { tool_calls: null, content: null } }] },
      { choices: [{ delta: { tool_calls: [], content: [{ type: "text", text: "a" }] } }] },
      {
        choices: [
          { delta: { tool_calls: [{ function: null }, null, { id: "x", function: { arguments: { y: 1 } } }] } },
        ],
      },
      { choices: ["?"] },
    );
    expect(contents).toEqual(["nothing", "nothing", "nothing", "nothing", "output", "output", "nothing"]);
    expect(reader.parts().toolCalls?.at(-1)?.function.arguments).toBe('{"y":1}');
  });

  test("the last usage wins, and none leaves the counts unknown", () => {
    const { reader } = chat(delta({ content: "a" }));
    expect(reader.parts().outputMetrics.text_tokens).toBeNull();
    reader.readEvent({ choices: [], usage: { completion_tokens: 1 } });
    reader.readEvent({ choices: [], usage: { completion_tokens: 2 } });
    expect(reader.parts().outputMetrics.text_tokens).toBe(2);
  });

  test.each<[string, object, boolean]>([
    ["nothing", {}, false],
    ["blank text", delta({ content: " \n" }), false],
    ["blank text with counted tokens", { ...delta({ content: " " }), usage: { completion_tokens: 1 } }, true],
    ["text", delta({ content: "a" }), true],
    ["reasoning alone", delta({ reasoning: "r" }), false],
  ])("%s is usable: %s", (_name, event, expected) => {
    expect(chat(event).reader.isUsable).toBe(expected);
  });
});

/** A recognised event with these numbers, in the order in which they are asked for, and the identifier "r". */
function recognised(simple: SimpleText, text: string, numbers: readonly number[]): SimpleEvent {
  const bytes = Buffer.from(text);
  return {
    ...{ simple, bytes, start: 0, end: bytes.length, isAscii: true },
    number: (index) => numbers[index] as number,
    string: () => "r",
  };
}

test("counts of a recognised event belong to the usage of its template, whatever is learned later", () => {
  const reader = new ChatReader();
  const counted = delta({ content: "a" }, {});
  const first = { ...counted, id: "a", usage: { prompt_tokens: 3, total_tokens: 4, completion_tokens: 1 } };
  reader.readEvent(first);
  const simple = reader.simpleText(first) as SimpleText;
  expect(simple.numbers.slice(0, 3)).toEqual(["completion_tokens", "prompt_tokens", "total_tokens"]);
  reader.readText(recognised(simple, "b", [2, 3, 5]));
  reader.readEvent(counted);
  reader.simpleText(counted);
  const { inputMetrics, outputMetrics, text } = reader.parts();
  expect([inputMetrics.text_tokens, outputMetrics.text_tokens, text]).toEqual([3, 2, "aba"]);
});

test("a response whose events are like those of another has its own identifier and counts", () => {
  const first = { ...delta({ content: "a" }), id: "a", created: 1, usage: { completion_tokens: 1, prompt_tokens: 3 } };
  const simple = new ChatReader().simpleText(first) as SimpleText;
  const reader = new ChatReader();
  expect(reader.readText(recognised(simple, "x", [7, 9, 2]))).toBe("output");
  expect(reader.parts()).toMatchObject({
    responseId: "r",
    text: "x",
    inputMetrics: { text_tokens: 9 },
    outputMetrics: { text_tokens: 7 },
  });
  // a text of length zero is a token when the count has grown
  expect(reader.readEvent({ ...delta({ content: "" }), usage: { completion_tokens: 7 } })).toBe("nothing");
  expect(reader.readEvent({ ...delta({ content: "" }), usage: { completion_tokens: 8 } })).toBe("output");
});

import { expect, test } from "@jest/globals";
import type { JsonObject } from "../json-object.js";
import type { EventContent } from "../response-reader.js";
import { MessagesReader } from "./messages-reader.js";

function read(events: readonly JsonObject[]): { reader: MessagesReader; contents: readonly EventContent[] } {
  const reader = new MessagesReader();
  return { reader, contents: events.map((event) => reader.readEvent(event)) };
}

const delta = (index: number, type: string, more: object) => ({
  type: "content_block_delta",
  index,
  delta: { type, ...more },
});
const start = (index: number, block: object) => ({ type: "content_block_start", index, content_block: block });

test("a whole message", () => {
  const reader = new MessagesReader();
  reader.readBody({
    id: "msg_1",
    content: [
      { type: "thinking", thinking: "r", signature: "s" },
      { type: "text", text: "a" },
      { type: "tool_use", id: "t1", name: "f", input: { x: 1 } },
      { type: "tool_use", id: "t2", name: "g", input: {} },
      { type: "server_tool_use", id: "t3", name: "web_search", input: {} },
    ],
    stop_reason: "tool_use",
    usage: { input_tokens: 3, cache_read_input_tokens: 5, cache_creation_input_tokens: 2, output_tokens: 7 },
  });
  expect(reader.isUsable).toBe(true);
  expect(reader.parts()).toMatchObject({
    responseId: "msg_1",
    text: "a",
    reasoningText: "r",
    finishReason: "tool_calls",
    toolCalls: [
      { id: "t1", function: { name: "f", arguments: '{"x":1}' } },
      { id: "t2", function: { name: "g", arguments: "{}" } },
    ],
    inputMetrics: { text_tokens: 10, cached_tokens: 5 },
    outputMetrics: { text_tokens: 7, mixed_content_tool_tokens: 7, tool_call_count: 2 },
  });
});

test("a stream: thinking, text, a call; usage in parts", () => {
  const { reader, contents } = read([
    {
      type: "message_start",
      message: { id: "msg_1", usage: { input_tokens: 3, output_tokens: 1 }, stop_reason: null },
    },
    { type: "ping" },
    start(0, { type: "thinking", thinking: "" }),
    delta(0, "thinking_delta", { thinking: "r" }),
    delta(0, "signature_delta", { signature: "x" }),
    start(1, { type: "text", text: "" }),
    delta(1, "text_delta", { text: "" }),
    delta(1, "text_delta", { text: "a" }),
    start(2, { type: "tool_use", id: "t1", name: "f", input: {} }),
    delta(2, "input_json_delta", { partial_json: "" }),
    delta(2, "input_json_delta", { partial_json: '{"x"' }),
    delta(2, "input_json_delta", { partial_json: ":1}" }),
    { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } },
    { type: "message_stop" },
  ]);
  expect(contents.map((content) => content[0]).join("")).toBe("nnnrnnnoonoonn");
  expect([reader.isFinished, reader.hasEnded]).toEqual([true, true]);
  expect(reader.parts()).toMatchObject({
    text: "a",
    reasoningText: "r",
    toolCalls: [{ id: "t1", function: { name: "f", arguments: '{"x":1}' } }],
    inputMetrics: { text_tokens: 3, cached_tokens: null },
    outputMetrics: { text_tokens: 9 },
  });
});

test.each([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["tool_use", "tool_calls"],
  ["refusal", "refusal"],
])("the stop reason %s is told as %s", (reason, expected) => {
  const { reader } = read([{ type: "message_delta", delta: { stop_reason: reason } }]);
  expect([reader.parts().finishReason, reader.hasEnded]).toEqual([expected, false]);
});

test("without usage nothing is known; without content nothing is usable", () => {
  const { reader } = read([{ type: "message_start", message: {} }, { type: "message_stop" }]);
  expect(reader.parts()).toMatchObject({
    text: "",
    inputMetrics: { text_tokens: null },
    outputMetrics: { text_tokens: null },
  });
  expect(reader.isUsable).toBe(false);
});

test.each<JsonObject>([
  { type: "content_block_delta", delta: null },
  delta(0, "text_delta", { text: null }),
  delta(0, "input_json_delta", { partial_json: 3 }),
  start(0, { type: "tool_use", id: null, name: 1, input: [] }),
  { type: "message_start", message: null },
  { type: "message_delta", delta: { stop_reason: 3 }, usage: [] },
  {},
])("%j is survived", (event) => {
  expect(() => read([event]).reader.parts()).not.toThrow();
});

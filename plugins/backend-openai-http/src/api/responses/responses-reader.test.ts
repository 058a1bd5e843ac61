import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../json-object.js";
import type { EventContent } from "../response-reader.js";
import { ResponsesReader } from "./responses-reader.js";

function read(events: readonly JsonObject[]): { reader: ResponsesReader; contents: readonly EventContent[] } {
  const reader = new ResponsesReader();
  return { reader, contents: events.map((event) => reader.readEvent(event)) };
}

const completed = (more: object = {}) => ({
  type: "response.completed",
  response: { id: "resp_1", status: "completed", ...more },
});
const call = (more: object = {}) => ({ type: "function_call", call_id: "c1", name: "f", ...more });

describe("a whole response", () => {
  test("as recorded", () => {
    const body = readFileSync(new URL("../../../test/fixtures/responses-nonstream.json", import.meta.url), "utf8");
    const reader = new ResponsesReader();
    reader.readBody(JSON.parse(body) as JsonObject);
    expect(reader.isUsable).toBe(true);
    expect(reader.parts()).toMatchObject({
      responseId: "resp_b0588e153ce2ba63",
      text: " dido dido",
      reasoningText: null,
      toolCalls: null,
      finishReason: "length",
      inputMetrics: { text_tokens: 3, cached_tokens: 0 },
      outputMetrics: { text_tokens: 4, reasoning_tokens: 0, text_words: 2 },
    });
  });

  test("text of all messages, reasoning, refusals and calls", () => {
    const reader = new ResponsesReader();
    reader.readBody({
      id: "resp_2",
      status: "completed",
      output: [
        { type: "reasoning", summary: [{ text: "s" }], content: [{ text: "r" }] },
        {
          type: "message",
          content: [
            { type: "output_text", text: "a" },
            { type: "refusal", refusal: "no" },
          ],
        },
        { type: "message", content: [{ type: "output_text", text: "b" }] },
        call({ arguments: "{}" }),
        { type: "web_search_call", id: "ws" },
      ],
      usage: { output_tokens: 9, output_tokens_details: { reasoning_tokens: 2 } },
    });
    expect(reader.parts()).toMatchObject({
      text: "anob",
      reasoningText: "sr",
      toolCalls: [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" } }],
      finishReason: "tool_calls",
      inputMetrics: { text_tokens: null },
      outputMetrics: { text_tokens: 9, reasoning_tokens: 2, tool_call_count: 1, mixed_content_tool_tokens: 9 },
    });
  });

  test("without output it is not usable", () => {
    const reader = new ResponsesReader();
    reader.readBody({ id: "resp_3", status: "completed", output: [] });
    expect(reader.isUsable).toBe(false);
    expect(reader.parts()).toMatchObject({ text: "", toolCalls: null });
  });
});

describe("a stream", () => {
  test("reasoning first, then content", () => {
    const { reader, contents } = read([
      { type: "response.created", response: { id: "resp_1", status: "in_progress", usage: null } },
      { type: "response.reasoning_text.delta", delta: "r" },
      { type: "response.reasoning_summary_text.delta", delta: "s" },
      { type: "response.output_text.delta", delta: "" },
      { type: "response.output_text.delta", delta: "a" },
      { type: "response.refusal.delta", delta: "b" },
      { type: "response.output_text.done", text: "a" },
      { type: "response.unknown.delta", delta: "x" },
      completed({ usage: { input_tokens: 7, input_tokens_details: { cached_tokens: 4 }, output_tokens: 3 } }),
    ]);
    expect(contents).toEqual([
      ...["nothing", "reasoning", "reasoning", "nothing", "output", "output", "nothing", "nothing", "nothing"],
    ]);
    expect(reader.hasEnded).toBe(true);
    expect(reader.parts()).toMatchObject({
      responseId: "resp_1",
      text: "ab",
      reasoningText: "rs",
      finishReason: "stop",
      inputMetrics: { text_tokens: 7, cached_tokens: 4 },
      outputMetrics: { text_tokens: 3 },
    });
  });

  test("calls are put together over interleaved indices; the end of a call is no token", () => {
    const { reader, contents } = read([
      { type: "response.output_item.added", output_index: 1, item: call({ arguments: "" }) },
      { type: "response.output_item.added", output_index: 0, item: call({ call_id: "c0", name: "g", arguments: "" }) },
      { type: "response.function_call_arguments.delta", output_index: 1, delta: '{"a"' },
      { type: "response.function_call_arguments.delta", output_index: 0, delta: "{}" },
      { type: "response.function_call_arguments.delta", output_index: 1, delta: ":1}" },
      { type: "response.function_call_arguments.done", output_index: 1, arguments: '{"a":1}' },
      { type: "response.output_item.done", output_index: 1, item: call({ arguments: '{"a":1}' }) },
      completed({ usage: { output_tokens: 8 } }),
    ]);
    expect(contents).toEqual(["output", "output", "output", "output", "output", "nothing", "nothing", "nothing"]);
    expect(reader.parts()).toMatchObject({
      text: null,
      finishReason: "tool_calls",
      toolCalls: [
        { id: "c0", function: { name: "g", arguments: "{}" } },
        { id: "c1", function: { name: "f", arguments: '{"a":1}' } },
      ],
      outputMetrics: { tool_call_count: 2, tool_call_tokens: 8 },
    });
  });

  test("arguments that come at once count once", () => {
    const { reader, contents } = read([
      { type: "response.output_item.added", output_index: 0, item: call() },
      { type: "response.function_call_arguments.done", output_index: 0, arguments: "{}" },
      { type: "response.output_item.done", output_index: 0, item: call({ arguments: "{}" }) },
      { type: "response.output_item.done", output_index: 1, item: call({ call_id: "c2", arguments: "[]" }) },
    ]);
    expect(contents).toEqual(["output", "output", "nothing", "output"]);
    expect(reader.parts().toolCalls?.map((made) => made.function.arguments)).toEqual(["{}", "[]"]);
  });

  test("arguments for a tool of the server count and are not kept", () => {
    const { reader, contents } = read([
      { type: "response.mcp_call_arguments.delta", output_index: 3, delta: "{" },
      { type: "response.function_call_arguments.delta", output_index: 3, delta: "" },
    ]);
    expect(contents).toEqual(["output", "nothing"]);
    expect(reader.parts().toolCalls).toBeNull();
  });

  test.each([
    [{ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }, "length"],
    [{ status: "incomplete", incomplete_details: { reason: "content_filter" } }, "content_filter"],
    [{ status: "cancelled" }, "cancelled"],
    [{ status: null }, null],
  ])("%j ends with the reason %s", (response, reason) => {
    const { reader } = read([{ type: "response.incomplete", response }]);
    expect([reader.isFinished, reader.parts().finishReason]).toEqual([true, reason]);
  });

  test("text that came without events is taken from the end, as one token event", () => {
    const output = [{ type: "message", content: [{ type: "output_text", text: "all" }] }];
    const { reader, contents } = read([completed({ output })]);
    expect([contents, reader.parts().text]).toEqual([["output"], "all"]);
  });

  test.each<JsonObject>([
    { type: "response.output_text.delta", delta: null },
    { type: "response.output_item.added", item: null },
    { type: "response.output_item.added", item: call({ name: null, call_id: 7 }) },
    { type: "response.function_call_arguments.delta", output_index: "0", delta: 3 },
    { type: "response.completed", response: null },
    { type: 9 },
    {},
  ])("%j is survived", (event) => {
    expect(() => read([event]).reader.parts()).not.toThrow();
  });
});

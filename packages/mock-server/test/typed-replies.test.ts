import { describe, expect, test } from "@jest/globals";
import { post, serve } from "./support/server-test.js";

const RESPONSES = "/v1/responses";
const MESSAGES = "/v1/messages";
const ask = (more: object = {}) => ({ input: "one two three", ...more });
const say = (more: object = {}) => ({
  max_tokens: 100,
  messages: [{ role: "user", content: "one two three" }],
  ...more,
});
const tool = { name: "f", schema: { type: "object", properties: { city: { type: "string" } } } };

interface Typed {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Events of a stream; each has its type in a line before it. */
async function typedEvents(response: Response): Promise<readonly Typed[]> {
  const events = (await response.text()).split("\n\n").slice(0, -1);
  return events.map((event) => {
    const [, type, data] = /^event: (\S+)\ndata: (.+)$/.exec(event) ?? [];
    const payload = JSON.parse(data ?? "") as Typed;
    expect(payload.type).toBe(type);
    return payload;
  });
}

describe("responses", () => {
  test("whole", async () => {
    const server = await serve({ reasoning_tokens: 2 });
    expect(await (await post(server, RESPONSES, ask({ instructions: "be brief" }))).json()).toMatchObject({
      id: expect.stringMatching(/^resp_[0-9a-f]{16}$/),
      object: "response",
      model: "goodput-mock",
      status: "completed",
      error: null,
      previous_response_id: null,
      output: [
        { type: "reasoning", content: [{ type: "reasoning_text", text: " the of" }] },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: " and to" }] },
      ],
      usage: { input_tokens: 5, output_tokens: 4, output_tokens_details: { reasoning_tokens: 2 }, total_tokens: 9 },
    });
  });

  test("streamed: the events of vLLM in their order, numbered", async () => {
    const server = await serve({ reasoning_tokens: 1, output_tokens: 3 });
    const events = await typedEvents(await post(server, RESPONSES, ask({ stream: true })));
    expect(events.map(({ type }) => type.slice("response.".length))).toEqual([
      "created",
      "in_progress",
      "output_item.added",
      "content_part.added",
      "reasoning_text.delta",
      "reasoning_text.done",
      "content_part.done",
      "output_item.done",
      "output_item.added",
      "content_part.added",
      "output_text.delta",
      "output_text.delta",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "completed",
    ]);
    expect(events.map((event) => event["sequence_number"])).toEqual(events.map((_, index) => index));
    const whole = (await (
      await post(await serve({ reasoning_tokens: 1, output_tokens: 3 }), RESPONSES, ask())
    ).json()) as object;
    expect(events.at(-1)?.["response"]).toEqual(whole);
    expect(server.truthLog()[0]).toMatchObject({ outputTokens: 3, promptTokens: 3, outcome: "completed" });
    expect(server.truthLog()[0]?.tokenWritesNs).toHaveLength(3);
  });

  test("a reply at its limit is incomplete, and says so in the completed event", async () => {
    const server = await serve();
    const events = await typedEvents(await post(server, RESPONSES, ask({ stream: true, max_output_tokens: 2 })));
    const expected = { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
    expect(events.at(-1)).toMatchObject({ type: "response.completed", response: expected });
    expect(await (await post(server, RESPONSES, ask({ max_output_tokens: 2 }))).json()).toMatchObject(expected);
  });

  test("calls: items of their own, pieces of their arguments, and usage that counts what was sent", async () => {
    const server = await serve({ output_tokens: 12, tool_calls: 2, tool_text_tokens: 2 });
    const tools = [{ type: "function", name: tool.name, parameters: tool.schema }, { type: "web_search" }];
    const body = ask({ tools, tool_choice: "required" });
    const events = await typedEvents(await post(server, RESPONSES, { ...body, stream: true }));
    const pieces = events.filter(({ type }) => type === "response.function_call_arguments.delta");
    expect(pieces.map((event) => event["output_index"])).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    const done = events.filter(({ type }) => type === "response.function_call_arguments.done");
    for (const [at, event] of done.entries()) {
      const own = pieces.filter((piece) => piece["output_index"] === at + 1).map((piece) => piece["delta"]);
      expect(own.join("")).toBe(event["arguments"]);
      expect(Object.keys(JSON.parse(event["arguments"] as string) as object)).toEqual(["city"]);
    }
    expect(events.at(-1)).toMatchObject({ response: { status: "completed", usage: { output_tokens: 12 } } });
    server.resetTruth();
    expect(await (await post(server, RESPONSES, body)).json()).toMatchObject({
      output: [
        { type: "message" },
        { type: "function_call", name: "f", call_id: expect.any(String) },
        { type: "function_call" },
      ],
    });
  });

  test("a conversation goes on: its tokens count as prompt; an unknown one is 404", async () => {
    const server = await serve();
    const first = (await (await post(server, RESPONSES, ask())).json()) as { id: string };
    const more = {
      input: [{ role: "user", content: [{ type: "input_text", text: "four" }] }],
      previous_response_id: first.id,
    };
    const second = (await (await post(server, RESPONSES, more)).json()) as {
      usage: object;
      previous_response_id: string;
    };
    expect(second.usage).toMatchObject({ input_tokens: 8 });
    expect(second.previous_response_id).toBe(first.id);
    const unstored = (await (await post(server, RESPONSES, ask({ store: false }))).json()) as { id: string };
    for (const id of ["resp_none", unstored.id]) {
      const refused = await post(server, RESPONSES, { ...more, previous_response_id: id });
      expect(refused.status).toBe(404);
      expect(await refused.json()).toMatchObject({
        error: { param: "previous_response_id", code: "response_not_found" },
      });
    }
    server.resetTruth();
    expect((await post(server, RESPONSES, more)).status).toBe(404);
  });

  test("texts, arguments and results of the input count, and images", async () => {
    const input = [
      { type: "message", role: "developer", content: "a b" },
      {
        role: "user",
        content: [
          { type: "input_text", text: "c" },
          { type: "input_image", image_url: "http://i" },
        ],
      },
      { type: "function_call", call_id: "c1", name: "f", arguments: '{"x": 1}' },
      { type: "function_call_output", call_id: "c1", output: "d e" },
      { role: "assistant", content: [{ type: "refusal", refusal: "no" }] },
    ];
    const reply = await post(await serve({ image_tokens: 100 }), RESPONSES, { input });
    expect(await reply.json()).toMatchObject({ usage: { input_tokens: 107 } });
  });

  test.each([
    [{}, "input"],
    [{ input: "" }, "input"],
    [{ input: [] }, "input"],
    [{ input: [{ type: "function_call", call_id: "c" }] }, "input"],
    [ask({ max_output_tokens: 0 }), "max_output_tokens"],
    [ask({ tool_choice: "sometimes" }), "tool_choice"],
  ])("%j: 400", async (body, param) => {
    const response = await post(await serve(), RESPONSES, body);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { param: string } };
    expect(error.param.startsWith(param)).toBe(true);
  });
});

describe("messages", () => {
  test("whole", async () => {
    const server = await serve({ reasoning_tokens: 2 });
    expect(await (await post(server, MESSAGES, say({ system: "be brief" }))).json()).toEqual({
      ...{ id: expect.stringMatching(/^msg_[0-9a-f]{16}$/), type: "message", role: "assistant", model: "goodput-mock" },
      content: [
        { type: "thinking", thinking: " the of", signature: "" },
        { type: "text", text: " and to" },
      ],
      ...{ stop_reason: "end_turn", stop_sequence: null },
      usage: { input_tokens: 5, output_tokens: 4 },
    });
  });

  test("streamed", async () => {
    const server = await serve({ reasoning_tokens: 1, output_tokens: 3 });
    const events = await typedEvents(await post(server, MESSAGES, say({ stream: true, max_tokens: 2 })));
    expect(events).toEqual([
      { type: "message_start", message: expect.objectContaining({ content: [], stop_reason: null }) },
      { type: "ping" },
      { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: " the" } },
      { type: "content_block_stop", index: 0 },
      { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: " of" } },
      { type: "content_block_stop", index: 1 },
      {
        type: "message_delta",
        delta: { stop_reason: "max_tokens", stop_sequence: null },
        usage: { input_tokens: 3, output_tokens: 2 },
      },
      { type: "message_stop" },
    ]);
  });

  test("calls", async () => {
    const server = await serve({ output_tokens: 6 });
    const tools = [
      { name: tool.name, input_schema: tool.schema },
      { type: "web_search_20250305", name: "web_search" },
    ];
    const body = say({ tools, tool_choice: { type: "any" } });
    const events = await typedEvents(await post(server, MESSAGES, { ...body, stream: true }));
    const starts = events.filter(({ type }) => type === "content_block_start");
    expect(starts).toMatchObject([{ content_block: { type: "tool_use", name: "f", input: {} } }]);
    const pieces = events.flatMap(({ delta }) => (delta as { partial_json?: string })?.partial_json ?? []);
    expect(pieces).toHaveLength(6);
    server.resetTruth();
    const whole = (await (await post(server, MESSAGES, body)).json()) as {
      content: { input: unknown }[];
      stop_reason: string;
    };
    expect(whole.stop_reason).toBe("tool_use");
    expect(whole.content[0]?.input).toEqual(JSON.parse(pieces.join("")));
    for (const choice of [{ type: "none" }, { type: "auto" }]) {
      const reply = await post(server, MESSAGES, { ...body, tool_choice: choice });
      expect(await reply.json()).toMatchObject({ stop_reason: "end_turn" });
    }
    const named = await post(server, MESSAGES, { ...body, tool_choice: { type: "tool", name: "f" } });
    expect(await named.json()).toMatchObject({ stop_reason: "tool_use" });
  });

  test("texts, inputs and results of the messages count, and images", async () => {
    const messages = [
      {
        role: "user",
        content: [
          { type: "text", text: "a b" },
          { type: "image", source: { type: "url", url: "http://i" } },
        ],
      },
      { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: "c d" }] }] },
      { role: "assistant", content: [{ type: "thinking", thinking: "x y z" }] },
    ];
    const reply = await post(
      await serve({ image_tokens: 100 }),
      MESSAGES,
      say({ system: [{ type: "text", text: "s" }], messages }),
    );
    expect(await reply.json()).toMatchObject({ usage: { input_tokens: 106 } });
  });

  test("errors have the shape of the API, and the key may come under its name", async () => {
    const server = await serve({ api_key: "right-key" });
    const key = { "x-api-key": "right-key" };
    for (const [body, headers, status, type] of [
      [say(), {}, 401, "authentication_error"],
      [say({ model: "nope" }), key, 404, "not_found_error"],
      [{ messages: [{ role: "user", content: "a" }] }, key, 400, "invalid_request_error"],
      [say({ messages: [{ role: "user", content: "" }] }), key, 400, "invalid_request_error"],
      ["{", key, 400, "invalid_request_error"],
    ] as const) {
      const response = await post(server, MESSAGES, body, headers);
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({ type: "error", error: { type, message: expect.any(String) } });
    }
    expect((await post(server, MESSAGES, say(), key)).status).toBe(200);
  });
});

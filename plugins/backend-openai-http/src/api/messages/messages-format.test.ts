import { UNKNOWN_USAGE } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import { answered, bodyInput } from "../../../test/support/body-input.js";
import { textRequest } from "../../../test/support/send-request.js";
import { withoutNulls } from "../merge-json.js";
import { SERVER_DIALECTS } from "../server-dialect.js";
import { MESSAGES_FORMAT } from "./messages-format.js";

const CALL = { id: "c1", type: "function", function: { name: "get_weather", arguments: '{"city":"Oslo"}' } } as const;
const text = (value: string) => [{ type: "text", text: value }];
const ask = textRequest({
  columns: { prefix_column: ["You are a planner."], text_column: ["Weather in Oslo?"] },
  turnType: "client_tool_call",
});
const inject = textRequest({ columns: { tool_response_column: ['{"temp": 4}'] }, turnType: "tool_response_injection" });

function build(...given: Parameters<typeof MESSAGES_FORMAT.buildBody>): Record<string, unknown> {
  return withoutNulls(MESSAGES_FORMAT.buildBody(...given));
}

describe("messages body", () => {
  test("prefix, text, image and a requested length", () => {
    const request = textRequest({
      columns: {
        prefix_column: ["Be brief."],
        text_column: ["Describe it."],
        image_column: [{ image: "data:image/jpeg;base64,AAAA" }, { image: "https://h/i.png" }],
      },
      outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 40 },
    });
    expect(JSON.stringify(build(request, null, bodyInput({ model: "demo-7b" })))).toBe(
      '{"model":"demo-7b","stream":true,"max_tokens":40,"ignore_eos":true,"system":"Be brief.",' +
        '"messages":[{"role":"user","content":[{"type":"text","text":"Describe it."},' +
        '{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AAAA"}},' +
        '{"type":"image","source":{"type":"url","url":"https://h/i.png"}}]}]}',
    );
  });

  test("a strict server gets no extension", () => {
    const request = textRequest({ outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 40 } });
    const body = build(request, null, bodyInput({ dialect: SERVER_DIALECTS.openai }));
    expect(body).toEqual({
      model: "tiny",
      stream: true,
      max_tokens: 40,
      messages: [{ role: "user", content: text("hello") }],
    });
  });

  test("the limit that the API asks for is always there", () => {
    expect(build(textRequest(), null, bodyInput())["max_tokens"]).toBe(4096);
    expect(build(textRequest(), null, bodyInput({ maxTokens: 9 }))["max_tokens"]).toBe(9);
    expect(build(textRequest(), null, bodyInput({ maxTokens: 9, extraBody: { max_tokens: 7 } }))["max_tokens"]).toBe(7);
  });

  test.each(["audio_column", "video_column"])("an item of %s is refused", (column) => {
    const request = textRequest({ columns: { text_column: ["T"], [column]: [{ audio: "QQ==", video: "V" }] } });
    expect(() => build(request, null, bodyInput())).toThrow(`/v1/messages has no part for items of ${column}.`);
  });

  test("an empty request is refused, naming the columns", () => {
    expect(() => build(textRequest({ columns: {} }), null, bodyInput())).toThrow(
      'The request has nothing for "messages". Columns that can fill it: text_column, image_column.',
    );
  });
});

describe("history", () => {
  test("a tool conversation is replayed; the system text lasts", () => {
    const history = [
      answered(ask, { text: "Let me look.", toolCalls: [CALL] }),
      answered(inject, { text: "It is 4 degrees." }),
    ];
    const body = build(textRequest({ columns: { text_column: ["And tomorrow?"] } }), history, bodyInput());
    expect(body["system"]).toBe("You are a planner.");
    expect(body["messages"]).toEqual([
      { role: "user", content: text("Weather in Oslo?") },
      {
        role: "assistant",
        content: [
          { type: "text", text: "Let me look." },
          { type: "tool_use", id: "c1", name: "get_weather", input: { city: "Oslo" } },
        ],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: '{"temp": 4}' }] },
      { role: "assistant", content: text("It is 4 degrees.") },
      { role: "user", content: text("And tomorrow?") },
    ]);
  });

  test("what the API refuses is left out: empty texts, arguments that are no object", () => {
    const broken = { ...CALL, function: { name: "f", arguments: "[1" } };
    const history = [answered(textRequest(), { text: "" }), answered(ask, { text: null, toolCalls: [broken] })];
    const { messages } = build(inject, history, bodyInput());
    expect((messages as unknown[]).slice(0, 3)).toEqual([
      { role: "user", content: text("hello") },
      { role: "user", content: text("Weather in Oslo?") },
      { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "f", input: {} }] },
    ]);
  });

  test.each<[boolean | string, readonly string[]]>([
    [false, ["a"]],
    [true, ["<think>r</think>a", "<think>s</think>"]],
    ["[{reasoning}]", ["[r]a", "[s]"]],
  ])("reasoning replayed as %s", (multiturnReasoning, expected) => {
    const history = [
      answered(textRequest(), { text: "a", reasoningText: "r" }),
      answered(textRequest(), { text: "", reasoningText: "s" }),
    ];
    const { messages } = build(textRequest(), history, bodyInput({ multiturnReasoning }));
    const said = (messages as { role: string; content: { text: string }[] }[]).filter(({ role }) => role !== "user");
    expect(said.map(({ content }) => content[0]?.text)).toEqual(expected);
  });
});

test("reasoning replayed as a block of its own", () => {
  const history = [answered(ask, { text: "a", reasoningText: "r", toolCalls: [CALL] })];
  const { messages } = build(inject, history, bodyInput({ multiturnReasoning: "structured" }));
  expect((messages as { content: unknown }[])[1]?.content).toEqual([
    { type: "thinking", thinking: "r", signature: "" },
    { type: "text", text: "a" },
    { type: "tool_use", id: "c1", name: "get_weather", input: { city: "Oslo" } },
  ]);
});

describe("tools", () => {
  const tool = {
    type: "function",
    function: { name: "f", description: "d", parameters: { type: "object" }, strict: true },
  };
  const own = { name: "g", input_schema: { type: "object" } };
  const web = { type: "web_search_20250305", name: "web_search" };

  test("tools of the data get the shape of the API, one must be called, and no requested length cuts the call", () => {
    const columns = { text_column: ["q"], tools_column: [[tool, own, web, { type: "function", name: "h" }]] };
    const outputMetrics = { ...UNKNOWN_USAGE, text_tokens: 5 };
    const request = textRequest({ columns, turnType: "client_tool_call", outputMetrics });
    const body = build(request, null, bodyInput({ extraBody: { stop_sequences: ["x"] } }));
    expect(body).toMatchObject({
      max_tokens: 4096,
      tool_choice: { type: "any" },
      tools: [
        { name: "f", description: "d", input_schema: { type: "object" } },
        own,
        web,
        { name: "h", input_schema: { type: "object", properties: {} } },
      ],
    });
    for (const field of ["ignore_eos", "stop_sequences"]) expect(body).not.toHaveProperty(field);
  });

  test.each([
    ["standard", { type: "none" }],
    ["tool_response_injection", { type: "none" }],
    ["server_tool_call", { type: "auto" }],
    ["client_tool_call", { type: "auto" }],
  ] as const)("%s turn with tools from extras", (turnType, expected) => {
    const extraBody = { tools: [own], tool_choice: { type: "auto" } };
    const history = [answered(textRequest(), { toolCalls: [CALL] })];
    expect(build(textRequest({ turnType }), history, bodyInput({ extraBody }))["tool_choice"]).toEqual(expected);
  });
});

test("headers have the version of the API, and the key under the name of the API", () => {
  expect(MESSAGES_FORMAT.headers?.("")).toEqual({ "anthropic-version": "2023-06-01" });
  expect(MESSAGES_FORMAT.headers?.("k")).toEqual({ "anthropic-version": "2023-06-01", "x-api-key": "k" });
});

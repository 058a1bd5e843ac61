import { UNKNOWN_USAGE } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import { answered, bodyInput } from "../../../test/support/body-input.js";
import { textRequest } from "../../../test/support/send-request.js";
import { withoutNulls } from "../merge-json.js";
import { RESPONSES_FORMAT } from "./responses-format.js";

const CALL = { id: "c1", type: "function", function: { name: "get_weather", arguments: '{"city":"Oslo"}' } } as const;
const TOOLS = [{ type: "function", name: "get_weather" }];
const text = (value: string) => [{ type: "input_text", text: value }];
const user = (value: string) => ({ role: "user", content: text(value) });
const ask = textRequest({
  columns: { prefix_column: ["You are a planner."], text_column: ["Weather in Oslo?"] },
  turnType: "client_tool_call",
});
const inject = textRequest({
  columns: { tool_response_column: ['{"temp": 4}'] },
  turnType: "tool_response_injection",
});
const next = textRequest({ columns: { text_column: ["And tomorrow?"] } });

function build(...given: Parameters<typeof RESPONSES_FORMAT.buildBody>): Record<string, unknown> {
  return withoutNulls(RESPONSES_FORMAT.buildBody(...given));
}

describe("responses body", () => {
  test("prefix, text, image and a requested length", () => {
    const request = textRequest({
      columns: {
        prefix_column: ["Be brief."],
        text_column: ["Describe it."],
        image_column: [{ type: "image_url", image: "data:image/jpeg;base64,AAAA" }],
      },
      outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 40 },
    });
    expect(JSON.stringify(build(request, null, bodyInput({ model: "demo-7b" })))).toBe(
      '{"model":"demo-7b","stream":true,"max_output_tokens":40,"ignore_eos":true,"instructions":"Be brief.",' +
        '"input":[{"role":"user","content":[{"type":"input_text","text":"Describe it."},' +
        '{"type":"input_image","image_url":"data:image/jpeg;base64,AAAA"}]}]}',
    );
  });

  test("columns take turns; audio has its format; extras.content goes to texts alone", () => {
    const request = textRequest({
      columns: {
        audio_column: [{ audio: Buffer.from("A1"), format: "wav" }],
        image_column: [{ image: "I1" }, { image: "I2" }],
        text_column: ["T1", "T2"],
      },
    });
    const { input } = build(request, null, bodyInput({ extraContent: { cache: true } }));
    expect(input).toEqual([
      {
        role: "user",
        content: [
          { type: "input_text", text: "T1", cache: true },
          { type: "input_image", image_url: "I1" },
          { type: "input_audio", input_audio: { data: "QTE=", format: "wav" } },
          { type: "input_text", text: "T2", cache: true },
          { type: "input_image", image_url: "I2" },
        ],
      },
    ]);
  });

  test("video is refused, not dropped", () => {
    const request = textRequest({ columns: { text_column: ["T"], video_column: [{ video: "V" }] } });
    expect(() => build(request, null, bodyInput())).toThrow("/v1/responses has no part for items of video_column.");
  });

  test("max_tokens limits a request without a length; extras override all but input, instructions and history", () => {
    const extraBody = { max_output_tokens: 5, input: "x", instructions: "y", previous_response_id: "z", store: false };
    expect(build(textRequest(), null, bodyInput({ stream: false, maxTokens: 9 }))).toEqual({
      model: "tiny",
      max_output_tokens: 9,
      input: [user("hello")],
    });
    const history = [answered(textRequest({ columns: { prefix_column: ["p"] } }), { responseId: "r1", text: "a" })];
    expect(build(textRequest(), history, bodyInput({ stream: false, serverHistory: true, extraBody }))).toEqual({
      model: "tiny",
      max_output_tokens: 5,
      store: false,
      instructions: "p",
      previous_response_id: "r1",
      input: [user("hello")],
    });
  });

  test("an empty request is refused, naming the columns", () => {
    expect(() => build(textRequest({ columns: { video_column: [] } }), null, bodyInput())).toThrow(
      'The request has nothing for "input". Columns that can fill it: text_column, image_column, audio_column.',
    );
  });
});

describe("history of the client", () => {
  const history = [answered(ask, { text: null, toolCalls: [CALL] }), answered(inject, { text: "It is 4 degrees." })];

  test("a tool conversation is replayed; instructions last", () => {
    const body = build(next, history, bodyInput());
    expect(JSON.stringify(body["input"])).toBe(
      '[{"role":"user","content":[{"type":"input_text","text":"Weather in Oslo?"}]},' +
        '{"type":"function_call","call_id":"c1","name":"get_weather","arguments":"{\\"city\\":\\"Oslo\\"}"},' +
        '{"type":"function_call_output","call_id":"c1","output":"{\\"temp\\": 4}"},' +
        '{"role":"assistant","content":"It is 4 degrees."},' +
        '{"role":"user","content":[{"type":"input_text","text":"And tomorrow?"}]}]',
    );
    expect(body["instructions"]).toBe("You are a planner.");
    expect(body).not.toHaveProperty("previous_response_id");
  });

  test("a missing tool result is made up", () => {
    const injection = textRequest({ columns: {}, turnType: "tool_response_injection" });
    const { input } = build(injection, history.slice(0, 1), bodyInput());
    expect((input as unknown[]).at(-1)).toEqual({
      type: "function_call_output",
      call_id: "c1",
      output: '{"status": "ok"}',
    });
  });

  test("an injection with tools of its own may call again, and its calls are replayed", () => {
    const again = { ...inject, columns: { ...inject.columns, tools_column: [TOOLS] } };
    const second = { ...CALL, id: "c2" };
    const { input } = build(
      { ...inject },
      [history[0] ?? answered(ask, null), answered(again, { text: "one more", toolCalls: [second] })],
      bodyInput(),
    );
    expect((input as unknown[]).slice(-2)).toEqual([
      { type: "function_call", call_id: "c2", name: "get_weather", arguments: '{"city":"Oslo"}' },
      { type: "function_call_output", call_id: "c2", output: '{"temp": 4}' },
    ]);
  });

  test.each<[boolean | string, string]>([
    [false, "a"],
    [true, "<think>r</think>a"],
    ["[{reasoning}] ", "[r] a"],
  ])("reasoning replayed as %s", (multiturnReasoning, content) => {
    const turns = [
      answered(textRequest(), { text: "a", reasoningText: "r" }),
      answered(textRequest(), { text: "", reasoningText: null }),
    ];
    const { input } = build(textRequest(), turns, bodyInput({ multiturnReasoning }));
    const said = (input as { role: string; content: unknown }[]).filter(({ role }) => role === "assistant");
    expect(said.map((item) => item.content)).toEqual([content, ""]);
  });
});

test("reasoning replayed apart from text and calls", () => {
  const history = [
    answered(ask, { responseId: "resp_1", text: null, reasoningText: "r", toolCalls: [CALL] }),
    answered(inject, { responseId: null, text: "a", reasoningText: "s" }),
  ];
  const { input } = build(next, history, bodyInput({ multiturnReasoning: "structured" }));
  const item = (id: string, said: string) => ({
    type: "reasoning",
    id,
    summary: [],
    content: [{ type: "reasoning_text", text: said }],
  });
  expect((input as unknown[]).slice(1, -1)).toEqual([
    item("rs_resp_1", "r"),
    expect.objectContaining({ type: "function_call" }),
    expect.objectContaining({ type: "function_call_output" }),
    item("rs_0", "s"),
    { role: "assistant", content: "a" },
  ]);
});

describe("history of the server", () => {
  const input = bodyInput({ serverHistory: true, stream: false });

  test("the first turn is like any other", () => {
    expect(build(textRequest(), null, input)).toEqual({ model: "tiny", input: [user("hello")] });
    expect(build(textRequest(), [], input)).toEqual({ model: "tiny", input: [user("hello")] });
  });

  test("a later turn names the response before and sends its own content", () => {
    const history = [
      answered(textRequest(), { responseId: "resp_6" }),
      answered(textRequest(), { responseId: "resp_7" }),
    ];
    expect(JSON.stringify(build(next, history, input))).toBe(
      '{"model":"tiny","previous_response_id":"resp_7",' +
        '"input":[{"role":"user","content":[{"type":"input_text","text":"And tomorrow?"}]}]}',
    );
  });

  test("an injection sends the results alone", () => {
    const history = [
      answered({ ...ask, columns: { text_column: ["q"] } }, { responseId: "resp_7", toolCalls: [CALL] }),
    ];
    expect(build(inject, history, input)).toEqual({
      model: "tiny",
      previous_response_id: "resp_7",
      input: [{ type: "function_call_output", call_id: "c1", output: '{"temp": 4}' }],
    });
  });

  test.each([null, { responseId: null }, { responseId: "" }])(
    "a response before without identifier (%j) is an error",
    (response) => {
      expect(() => build(next, [answered(textRequest(), response)], input)).toThrow(
        "The server cannot continue the conversation: the response before has no identifier.",
      );
    },
  );
});

describe("tools of a responses body", () => {
  const outputMetrics = { ...UNKNOWN_USAGE, text_tokens: 5 };

  test("tools of the data get the shape of the API, must be called, and nothing forces a length", () => {
    const tool = { type: "function", function: { name: "f", parameters: { type: "object" }, extra: 1 } };
    const columns = { text_column: ["q"], tools_column: [JSON.stringify([tool, TOOLS[0]])] };
    const request = textRequest({ columns, turnType: "client_tool_call", outputMetrics });
    const body = build(request, null, bodyInput({ extraBody: { stop: ["x"] } }));
    expect(body["tools"]).toEqual([{ type: "function", name: "f", parameters: { type: "object" } }, TOOLS[0]]);
    expect(body["tool_choice"]).toBe("required");
    for (const field of ["ignore_eos", "max_output_tokens", "stop"]) expect(body).not.toHaveProperty(field);
  });

  test.each([
    ["standard", "none"],
    ["tool_response_injection", "none"],
    ["server_tool_call", "auto"],
    ["client_tool_call", "auto"],
  ] as const)("%s turn with tools from extras: %s", (turnType, expected) => {
    const extraBody = { tools: TOOLS, tool_choice: "auto" };
    const history = [answered(textRequest(), { toolCalls: [CALL] })];
    expect(build(textRequest({ turnType }), history, bodyInput({ extraBody }))["tool_choice"]).toBe(expected);
  });
});

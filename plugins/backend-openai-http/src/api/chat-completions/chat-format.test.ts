import { UNKNOWN_USAGE } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import { answered, bodyInput } from "../../../test/support/body-input.js";
import { textRequest } from "../../../test/support/send-request.js";
import { withoutNulls } from "../merge-json.js";
import { CHAT_FORMAT } from "./chat-format.js";

const CALL = { id: "c1", type: "function", function: { name: "get_weather", arguments: '{"city":"Oslo"}' } } as const;
const TOOLS = [{ type: "function", function: { name: "get_weather" } }];
const text = (value: string) => [{ type: "text", text: value }];

function messages(...given: Parameters<typeof CHAT_FORMAT.buildBody>): unknown {
  return CHAT_FORMAT.buildBody(...given)["messages"];
}

describe("chat body", () => {
  test("prefix, text, image and a requested length", () => {
    const request = textRequest({
      columns: {
        prefix_column: ["Answer in French."],
        text_column: ["What is on the picture?"],
        image_column: [{ type: "image_url", image: "data:image/jpeg;base64,AAAA" }],
      },
      outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 48 },
    });
    expect(JSON.stringify(CHAT_FORMAT.buildBody(request, null, bodyInput({ model: "demo-vl" })))).toBe(
      '{"model":"demo-vl","stream":true,"stream_options":{"include_usage":true,"continuous_usage_stats":true},' +
        '"max_completion_tokens":48,"ignore_eos":true,"messages":[{"role":"system","content":"Answer in French."},' +
        '{"role":"user","content":[{"type":"text","text":"What is on the picture?"},' +
        '{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,AAAA"}}]}]}',
    );
  });

  test("columns take turns", () => {
    const request = textRequest({
      columns: {
        audio_column: [{ audio: Buffer.from("A1"), format: "wav" }],
        video_column: [{ video: "V1" }],
        image_column: [{ image: "I1" }, { image: "I2" }, "I3"],
        text_column: ["T1", "T2"],
      },
    });
    const [user] = messages(request, null, bodyInput({ extraContent: { cache: true } })) as [{ content: unknown }];
    expect(user.content).toEqual([
      { type: "text", text: "T1", cache: true },
      { type: "image_url", image_url: { url: "I1" } },
      { type: "video_url", video_url: { url: "V1" } },
      { type: "input_audio", input_audio: { data: "QTE=", format: "wav" } },
      { type: "text", text: "T2", cache: true },
      { type: "image_url", image_url: { url: "I2" } },
      { type: "image_url", image_url: { url: "I3" } },
    ]);
  });

  test("a tool conversation is replayed", () => {
    const ask = textRequest({
      columns: { prefix_column: ["You are a planner."], text_column: ["Weather in Oslo?"] },
      turnType: "client_tool_call",
    });
    const inject = textRequest({
      columns: { tool_response_column: ['{"temp": 4}'] },
      turnType: "tool_response_injection",
    });
    const history = [answered(ask, { text: null, toolCalls: [CALL] }), answered(inject, { text: "It is 4 degrees." })];
    const next = textRequest({ columns: { text_column: ["And tomorrow?"] } });
    expect(messages(next, history, bodyInput())).toEqual([
      { role: "system", content: "You are a planner." },
      { role: "user", content: text("Weather in Oslo?") },
      { role: "assistant", content: null, tool_calls: [CALL] },
      { role: "tool", tool_call_id: "c1", content: '{"temp": 4}' },
      { role: "assistant", content: "It is 4 degrees." },
      { role: "user", content: text("And tomorrow?") },
    ]);
    expect(
      messages(textRequest({ columns: {}, turnType: "tool_response_injection" }), history.slice(0, 1), bodyInput()),
    ).toEqual([
      { role: "system", content: "You are a planner." },
      { role: "user", content: text("Weather in Oslo?") },
      { role: "assistant", content: null, tool_calls: [CALL] },
      { role: "tool", tool_call_id: "c1", content: '{"status": "ok"}' },
    ]);
  });

  test("three turns; an empty answer stays, a missing one does not; a later prefix stands before its own turn", () => {
    const history = [
      answered(textRequest({ columns: { text_column: ["q1"] } }), { text: "" }),
      answered(textRequest({ columns: { text_column: ["q2"] } }), null),
    ];
    const next = textRequest({ columns: { prefix_column: ["p"], text_column: ["q3"] } });
    expect(messages(next, history, bodyInput())).toEqual([
      { role: "user", content: text("q1") },
      { role: "assistant", content: "" },
      { role: "user", content: text("q2") },
      { role: "system", content: "p" },
      { role: "user", content: text("q3") },
    ]);
  });

  test.each<[boolean | string, string]>([
    [false, "a"],
    [true, "<think>r$&</think>a"],
    ["[{reasoning}|{reasoning}] ", "[r$&|r$&] a"],
  ])("reasoning replayed as %s", (multiturnReasoning, expected) => {
    const history = [answered(textRequest(), { text: "a", reasoningText: "r$&" })];
    const sent = messages(textRequest(), history, bodyInput({ multiturnReasoning })) as { content: unknown }[];
    expect(sent[1]).toEqual({ role: "assistant", content: expected });
  });

  test("reasoning replayed apart from the text", () => {
    const history = [answered(textRequest(), { text: null, reasoningText: "r", toolCalls: [CALL] })];
    const sent = messages(textRequest(), history, bodyInput({ multiturnReasoning: "structured" })) as unknown[];
    expect(sent[1]).toEqual({ role: "assistant", content: null, reasoning_content: "r", tool_calls: [CALL] });
  });

  test("an injection with tools of its own may call again, and its calls are replayed", () => {
    const columns = { tool_response_column: ["r1"], tools_column: [TOOLS], tool_choice_column: ["auto"] };
    const again = textRequest({ columns, turnType: "tool_response_injection" });
    const ask = textRequest({ turnType: "client_tool_call" });
    const second = { ...CALL, id: "c2" };
    const history = [
      answered(ask, { text: null, toolCalls: [CALL] }),
      answered(again, { text: "a", toolCalls: [second] }),
    ];
    const next = textRequest({ columns: { tool_response_column: ["r2"] }, turnType: "tool_response_injection" });
    expect((messages(next, history, bodyInput()) as unknown[]).slice(2)).toEqual([
      { role: "tool", tool_call_id: "c1", content: "r1" },
      { role: "assistant", content: "a", tool_calls: [second] },
      { role: "tool", tool_call_id: "c2", content: "r2" },
    ]);
    const limited = { ...again, outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 9 } };
    const body = CHAT_FORMAT.buildBody(limited, history.slice(0, 1), bodyInput());
    expect(body["tool_choice"]).toBe("auto");
    for (const field of ["ignore_eos", "max_completion_tokens"]) expect(body).not.toHaveProperty(field);
  });

  test("recorded messages replace system and user content", () => {
    const raw = [{ role: "user", content: "as recorded" }];
    const columns = { raw_messages_column: [raw], prefix_column: ["p"], text_column: ["t"] };
    expect(messages(textRequest({ columns }), null, bodyInput())).toEqual(raw);
  });

  test("nulls are dropped from mappings and kept in messages", () => {
    const history = [answered(textRequest(), { text: null, toolCalls: [CALL] })];
    const body = withoutNulls(CHAT_FORMAT.buildBody(textRequest(), history, bodyInput({ extraBody: { stop: null } })));
    expect(body).not.toHaveProperty("stop");
    expect((body["messages"] as unknown[])[1]).toEqual({ role: "assistant", content: null, tool_calls: [CALL] });
  });

  test("an empty request is refused", () => {
    expect(() => CHAT_FORMAT.buildBody(textRequest({ columns: {} }), null, bodyInput())).toThrow(
      'The request has nothing for "messages".',
    );
  });

  test("media that cannot be sent is refused", () => {
    const request = textRequest({ columns: { audio_column: [{ format: "wav" }] } });
    expect(() => CHAT_FORMAT.buildBody(request, null, bodyInput())).toThrow("An item of audio_column cannot be sent");
  });
});

describe("tools of a chat body", () => {
  const outputMetrics = { ...UNKNOWN_USAGE, text_tokens: 5 };

  test("tools of the data must be called, and nothing forces a length", () => {
    const columns = { text_column: ["q"], tools_column: [JSON.stringify([{ type: "function", name: "f", extra: 1 }])] };
    const request = textRequest({ columns, turnType: "client_tool_call", outputMetrics });
    const body = CHAT_FORMAT.buildBody(request, null, bodyInput({ extraBody: { max_tokens: 3, stop: ["x"] } }));
    expect(body).toMatchObject({
      tools: [{ type: "function", function: { name: "f" } }],
      tool_choice: "required",
      max_tokens: 3,
    });
    for (const field of ["ignore_eos", "max_completion_tokens", "stop"]) expect(body).not.toHaveProperty(field);
  });

  test.each([
    ["standard", {}, "none"],
    ["tool_response_injection", {}, "none"],
    ["server_tool_call", {}, "auto"],
    ["client_tool_call", {}, "auto"],
  ] as const)("%s turn with tools from extras", (turnType, columns, expected) => {
    const request = textRequest({ columns: { text_column: ["q"], ...columns }, turnType });
    const history = [answered(textRequest(), { toolCalls: [CALL] })];
    const body = CHAT_FORMAT.buildBody(
      request,
      history,
      bodyInput({ extraBody: { tools: TOOLS, tool_choice: "auto" } }),
    );
    expect(body["tool_choice"]).toBe(expected);
  });

  test("without tools there is no tool choice", () => {
    const body = CHAT_FORMAT.buildBody(textRequest(), null, bodyInput({ extraBody: { tool_choice: "auto" } }));
    expect(body).not.toHaveProperty("tool_choice");
  });

  test.each<[Readonly<Record<string, readonly unknown[]>>, string]>([
    [{ tools_column: ["[]"] }, "tools_column must hold a list"],
    [{ tools_column: ["{nope"] }, "tools_column must hold a list"],
    [{ tools_column: [TOOLS], tool_choice_column: ["none"] }, "tool_choice_column must hold"],
  ])("%j is refused", (columns, message) => {
    const request = textRequest({ columns: { text_column: ["q"], ...columns }, turnType: "client_tool_call" });
    expect(() => CHAT_FORMAT.buildBody(request, null, bodyInput())).toThrow(message);
  });
});

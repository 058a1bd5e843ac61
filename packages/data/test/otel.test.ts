import { describe, expect, test } from "@jest/globals";
import { DataPipeline } from "../src/index.js";
import { planOf } from "./support/data-plan.js";
import { edgesOf, openTrace } from "./support/open-trace.js";
import { writeFile } from "./support/temporary-folder.js";

type Attributes = Readonly<Record<string, unknown>>;

const part = (role: string, ...parts: readonly object[]) => ({ role, parts });
const U = part("user", { type: "text", content: "Weather in Oslo?" });
const A = part("assistant", { type: "tool_call", id: "c1", name: "get_weather", arguments: { city: "Oslo" } });
const R = part("tool", { type: "tool_call_response", id: "c1", response: "rain" });
const B = part("assistant", { type: "text", content: "It rains." });
const V = part("user", { type: "text", content: "And tomorrow?" });
const C = part("assistant", { type: "text", content: "Sun." });

const user = { role: "user", content: "Weather in Oslo?" };
const asked = {
  role: "assistant",
  content: null,
  tool_calls: [{ id: "c1", type: "function", function: { name: "get_weather", arguments: '{"city":"Oslo"}' } }],
};
const result = { role: "tool", content: "rain", tool_call_id: "c1" };
const answer = { role: "assistant", content: "It rains." };
const tomorrow = { role: "user", content: "And tomorrow?" };

function chat(
  input: number,
  output: number,
  messages: readonly unknown[],
  answered: readonly unknown[] | null,
): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.usage.input_tokens": input,
    "gen_ai.usage.output_tokens": output,
    "gen_ai.input.messages": JSON.stringify(messages),
    "gen_ai.output.messages": answered === null ? null : JSON.stringify(answered),
  };
}

const span = (span_id: string, second: number, attributes: Attributes, more: object = {}) => ({
  trace_id: "t1",
  span_id,
  parent_span_id: "p",
  start_time: new Date(Date.UTC(2026, 0, 1, 0, 0, 0, second * 1000)).toISOString(),
  status: { code: 1 },
  attributes,
  ...more,
});

/** The minimal example of GuideLLM's vector, with a failed call between. */
const SPANS = [
  span("p", 0, { "gen_ai.operation.name": "invoke_agent" }, { parent_span_id: null }),
  span("a", 1, { ...chat(20, 9, [U], [A]), "gen_ai.response.finish_reasons": '["tool_calls"]' }, { duration: 0.5 }),
  span("x", 2, { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.result": "rain" }),
  span("f", 2.5, chat(99, 9, [U], [B]), { status: { code: 2 } }),
  span("b", 3, chat(35, 4, [U, A, R], [B]), { duration: 0.5 }),
  span("c", 5.25, chat(45, 2, [U, A, R, B, V], [C]), { duration: 0.4 }),
];

const callColumns = {
  turn_type_column: ["client_tool_call"],
  tools_column: [[expect.objectContaining({ function: expect.objectContaining({ name: "get_data" }) })]],
  tool_choice_column: ["required"],
  raw_messages_column: [[user]],
  prompt_tokens_count_column: [20],
};
const injectionColumns = {
  turn_type_column: ["tool_response_injection"],
  tool_response_column: ["rain"],
  output_tokens_count_column: [4],
};

describe("the vector of GuideLLM", () => {
  test.each([
    ["a session in each line", [{ spans: SPANS }]],
    ["a span in each line", SPANS],
    ["spans as JSON text", [{ spans: JSON.stringify(SPANS) }]],
  ])("%s", async (_name, rows) => {
    const { source, turns } = await openTrace("otel", rows);
    expect(source.rowCount).toBe(1);
    expect(turns(0).map(({ node_id, columns }) => [node_id, columns])).toEqual([
      ["main_0", callColumns],
      ["main_1", injectionColumns],
      [
        "main_2",
        {
          raw_messages_column: [[user, asked, result, answer, tomorrow]],
          prompt_tokens_count_column: [45],
          output_tokens_count_column: [2],
        },
      ],
    ]);
    expect(turns(0).map(({ settings }) => [settings.relative_timestamp, settings.trace_duration])).toEqual([
      [0, 0.5],
      [2, 0.5],
      [4.25, 0.4],
    ]);
    expect(edgesOf(turns(0))).toEqual(["main_0 > main_1 full", "main_1 > main_2 new"]);
  });

  test("history=runtime sends what is new and shows what this run answered", async () => {
    const { turns } = await openTrace("otel", [{ spans: SPANS }], { history: "runtime", tool_choice: "auto" });
    expect(edgesOf(turns(0))).toEqual(["main_0 > main_1 full", "main_1 > main_2 full"]);
    expect(turns(0)[2]?.columns["raw_messages_column"]).toEqual([[tomorrow]]);
    expect(turns(0)[0]?.columns["tool_choice_column"]).toEqual(["auto"]);
  });
});

describe("tools", () => {
  const next = span("n", 6, chat(50, 3, [V], [C]));

  test("results of the tools that ran stand in where the next call does not bring them", async () => {
    const below = span(
      "y",
      2.2,
      { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.result": { c: 4 } },
      {
        parent_span_id: "a",
      },
    );
    for (const [spans, expected, at] of [
      [[SPANS[1], SPANS[2], next], ["rain"], 1],
      [[SPANS[1], SPANS[2], below, next], ['{"c":4}'], 1.2], // those below the call come first
      [[SPANS[1], next], ['{"status": "ok"}'], 0],
      [[SPANS[1], next, span("z", 9, SPANS[2]?.attributes ?? {})], ['{"status": "ok"}'], 0], // after the next call
    ] as const) {
      const { turns } = await openTrace("otel", [{ spans }]);
      const [, injection, last] = turns(0);
      expect(injection?.columns).toEqual({
        turn_type_column: ["tool_response_injection"],
        tool_response_column: expected,
      });
      expect(injection?.settings.relative_timestamp).toBeCloseTo(at, 6);
      expect(last?.columns["raw_messages_column"]).toEqual([[tomorrow]]);
    }
  });

  test("calls that follow calls are one loop, with the definitions of the trace", async () => {
    const definitions = [{ type: "function", name: "get_weather", parameters: {} }];
    const more = part("assistant", { type: "tool_call", id: "c2", name: "get_weather", arguments: "{}" });
    const second = part("tool", { type: "tool_call_response", id: "c2", result: { t: 4 } });
    const defined = { "gen_ai.tool.definitions": definitions };
    const spans = [
      span("a", 1, { ...chat(20, 9, [U], [A]), ...defined }),
      span("b", 2, { ...chat(30, 9, [U, A, R], [more]), ...defined }),
      span("c", 3, { ...chat(40, 5, [U, A, R, more, second], [C]), ...defined }),
    ];
    const { turns } = await openTrace("otel", [{ spans }]);
    expect(turns(0).map(({ columns }) => columns["turn_type_column"]?.[0])).toEqual([
      "client_tool_call",
      "tool_response_injection",
      "tool_response_injection",
    ]);
    expect(turns(0).map(({ columns }) => columns["tools_column"])).toEqual([[definitions], [definitions], undefined]);
    expect(turns(0)[2]?.columns["tool_response_column"]).toEqual(['{"t":4}']);
  });

  test("in history=runtime recorded results are not sent twice", async () => {
    const spans = [
      span("a", 1, chat(20, 9, [U], [A])),
      span("b", 3, chat(45, 2, [U, A, R, V], [C])), // results and something new: no injection of its own
    ];
    const { turns } = await openTrace("otel", [{ spans }], { history: "runtime" });
    expect(turns(0).map(({ columns }) => columns["raw_messages_column"])).toEqual([[[user]], undefined, [[tomorrow]]]);
  });

  test("the reason of the end tells of calls that the trace does not hold", async () => {
    const attributes = { ...chat(20, 9, [U], null), "gen_ai.response.finish_reasons": ["tool_use"] };
    const { turns } = await openTrace("otel", [{ spans: [span("a", 1, attributes)] }]);
    expect(turns(0)).toHaveLength(2);
  });
});

describe("spans", () => {
  test("in the names of OTLP, with ends in place of durations", async () => {
    const value = (given: unknown) =>
      typeof given === "number" ? { intValue: String(given) } : { stringValue: String(given) };
    const exported = SPANS.map(({ span_id, parent_span_id, start_time, status, attributes }) => {
      const start = BigInt(Date.parse(start_time)) * 1_000_000n;
      return {
        traceId: "t1",
        spanId: span_id,
        ...(parent_span_id === null ? {} : { parentSpanId: parent_span_id }),
        startTimeUnixNano: String(start),
        endTimeUnixNano: String(start + 250_000_000n),
        status: status.code === 2 ? { code: "STATUS_CODE_ERROR" } : {},
        attributes: Object.entries(attributes).map(([key, given]) => ({ key, value: value(given) })),
      };
    });
    const rows = [{ resourceSpans: [{ scopeSpans: [{ spans: exported.slice(0, 3) }, { spans: exported.slice(3) }] }] }];
    const { turns } = await openTrace("otel", rows);
    expect(turns(0).map(({ columns }) => columns["turn_type_column"]?.[0] ?? "-")).toEqual([
      "client_tool_call",
      "tool_response_injection",
      "-",
    ]);
    expect(turns(0).map(({ settings }) => settings.relative_timestamp)).toEqual([
      0,
      expect.closeTo(2, 6),
      expect.closeTo(4.25, 6),
    ]);
    expect(turns(0)[0]?.settings.trace_duration).toBeCloseTo(0.25, 6);
  });

  test.each([
    ["2026-01-01T00:00:01.250750Z", 0.25075],
    ["2026-01-01T01:00:01+01:00", 0],
    ["2026-01-01T02:00:01.5+0200", 0.5],
    ["2026-01-01 00:00:01", 0],
    ["2026-01-01T00:01", 59],
  ])("start at %s", async (start_time, expected) => {
    const call = chat(20, 9, [U], [B]);
    const rows = [{ spans: [span("a", 1, call)] }, { spans: [span("b", 1, call, { start_time })] }];
    const { turns } = await openTrace("otel", rows);
    expect(turns(1)[0]?.settings.relative_timestamp).toBeCloseTo(expected, 6);
  });

  test("sessions keep their starts; spans of traces that lie between each other stay apart", async () => {
    const call = chat(20, 9, [U], [B]);
    const rows = [
      span("a", 1, call),
      span("b", 4, call, { trace_id: "t2" }),
      span("c", 6, call),
      span("d", 9, call, { trace_id: null }),
    ];
    const { source, turns } = await openTrace("otel", rows);
    const times = [0, 1, 2].map((index) => turns(index).map(({ settings }) => settings.relative_timestamp));
    expect(source.rowCount).toBe(3);
    expect(times).toEqual([[0, 5], [3], [8]]);
  });

  test.each([
    ["none is a call", [span("a", 1, { "gen_ai.operation.name": "embeddings" })], "no span is a call of a model"],
    ["counts are missing", [span("a", 1, { "gen_ai.operation.name": "chat" })], "no span is a call of a model"],
    ["no messages", [span("a", 1, { ...chat(1, 1, [], []), "gen_ai.input.messages": null })], "has no gen_ai.input"],
    ["bad JSON", [span("a", 1, { ...chat(1, 1, [], []), "gen_ai.input.messages": "[" })], "messages is not JSON"],
    ["no mapping", [span("a", 1, { ...chat(1, 1, [], []), "gen_ai.input.messages": ["x"] })], "must hold mappings"],
    ["a number as start", [span("a", 1, chat(1, 1, [U], [B]), { start_time: 1.7e18 })], "must be an ISO 8601 date"],
    ["no start", [span("a", 1, chat(1, 1, [U], [B]), { start_time: null })], "a span has no start_time"],
    ["a bad count", [span("a", 1, chat(-1, 1, [U], [B]))], "input_tokens must be a whole number"],
  ])("a session that cannot be replayed is skipped, and the others stay: %s", async (_name, spans, message) => {
    const { source, turns } = await openTrace("otel", [{ spans }, { spans: SPANS }]);
    expect(turns(0)).toHaveLength(3);
    expect(() => source.row(1, 0)).toThrow(message);
  });

  test("history=runtime refuses calls that do not go on from each other", async () => {
    const spans = [span("a", 1, chat(20, 9, [U], [B])), span("b", 2, chat(20, 9, [V], [C]))];
    const { source } = await openTrace("otel", [{ spans }], { history: "runtime" });
    expect(() => source.row(0, 0)).toThrow("give history=trace");
    expect((await openTrace("otel", [{ spans }])).turns(0)).toHaveLength(2);
  });

  test("spans without an operation are calls when they have both counts; messages may be plain", async () => {
    const attributes = {
      "gen_ai.usage.prompt_tokens": "7",
      "gen_ai.usage.completion_tokens": 3,
      "gen_ai.input.messages": [
        { content: "hello" },
        { role: "assistant", content: "", tool_calls: [{ id: "c", function: { name: "f", arguments: "{}" } }] },
        { role: "tool", id: "c", name: "f", result: { x: 1 } },
        part("user", { type: "text", content: "a" }, { type: "blob" }, { type: "text", text: "b" }),
      ],
    };
    const { turns } = await openTrace("otel", [{ spans: [span("a", 1, attributes)] }]);
    expect(turns(0)[0]?.columns).toEqual({
      raw_messages_column: [
        [
          { role: "user", content: "hello" },
          {
            role: "assistant",
            content: "",
            tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
          },
          { role: "tool", content: '{"x":1}', tool_call_id: "c", name: "f" },
          { role: "user", content: "ab" },
        ],
      ],
      prompt_tokens_count_column: [7],
      output_tokens_count_column: [3],
    });
  });

  test("what a trace cannot lack is named before it begins", async () => {
    await expect(openTrace("otel", [{ trace_id: "t", name: "x" }])).rejects.toThrow(
      "has no start_time, attributes, and no list spans",
    );
  });
});

test("becomes conversations of requests, under its other name too", async () => {
  const path = writeFile(".jsonl", JSON.stringify({ spans: SPANS, class: "agents" }));
  const plan = planOf([{ kind: "opentelemetry", source: { kind: "json_file", path } }]);
  const pipeline = await DataPipeline.create(plan);
  const [first] = [...pipeline.open(0)];
  expect(first?.graph.nodes.map(({ request, classId }) => [request.turnType, classId])).toEqual([
    ["client_tool_call", 0],
    ["tool_response_injection", 0],
    ["standard", 0],
  ]);
  expect(first?.graph.nodes[2]?.request.columns).toEqual({
    raw_messages_column: [[user, asked, result, answer, tomorrow]],
  });
  expect(pipeline.knownClasses()).toEqual(["agents"]);
});

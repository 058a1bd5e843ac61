import { describe, expect, test } from "@jest/globals";
import { DataPipeline } from "../src/index.js";
import { planOf } from "./support/data-plan.js";
import { edgesOf, encode, openTrace, type Turn } from "./support/open-trace.js";
import { writeFile } from "./support/temporary-folder.js";

/** A request with as many blocks of 4 as it has tokens, the first ones always the same. */
const request = (t: number, tokens: number, more: object = {}) => ({
  t,
  type: "s",
  in: tokens,
  out: 3,
  hash_ids: Array.from({ length: Math.floor(tokens / 4) }, (_, id) => id + 1),
  input_types: ["text"],
  stop: "end_turn",
  ...more,
});
const SMALL = { hash_id_block_size: 4 };

/** The constructed conversations of GuideLLM's vector. */
const VECTOR = [
  {
    id: "c1",
    requests: [
      request(100, 8, { stop: "tool_use" }),
      request(101, 16, { stop: "tool_use", input_types: ["tool_result"] }),
      {
        t: 103,
        type: "subagent",
        agent_id: "x",
        requests: [request(0.5, 8, { hash_ids: [70, 71] }), request(1.5, 16, { hash_ids: [70, 71, 72, 73] })],
      },
      request(110, 24),
    ],
  },
  { id: "c2", requests: [request(105, 8, { hash_ids: [90, 91] })] },
];

const kindOf = ({ columns }: Turn): string => {
  const type = columns["turn_type_column"]?.[0] ?? "-";
  return `${type}${columns["tools_column"] === undefined ? "" : ", tools"}${columns["tool_response_column"] === undefined ? "" : ", response"}`;
};

describe("weka", () => {
  test("the vector of GuideLLM: agents, parents, times and types", async () => {
    const { source, turns } = await openTrace("weka", VECTOR, SMALL);
    expect(source.rowCount).toBe(2);
    const rows = turns(0).map((turn) => [turn.node_id, turn.agent_id, turn.settings.relative_timestamp, kindOf(turn)]);
    expect(rows).toEqual([
      ["main_0", "default", 0, "client_tool_call, tools"],
      ["main_1", "default", 1, "tool_response_injection, tools, response"],
      ["sa_0_0", "x", 3.5, "-"],
      ["sa_0_1", "x", 4.5, "-"],
      ["main_2", "default", 10, "-"],
    ]);
    expect(edgesOf(turns(0))).toEqual([
      "main_0 > main_1 full",
      "main_1 > sa_0_0 new",
      "sa_0_0 > sa_0_1 full",
      "main_1 > main_2 full",
      "sa_0_1 > main_2 last",
    ]);
    expect(turns(1).map((turn) => [turn.node_id, turn.settings.relative_timestamp])).toEqual([["main_0", 5]]);
  });

  test("a turn that goes on sends what is new; history has the rest, so that nothing is sent twice", async () => {
    const { turns } = await openTrace("weka", VECTOR, SMALL);
    const lengths = turns(0).map(({ columns }) => columns["prompt_tokens_count_column"]?.[0] ?? null);
    // 16 - 8 - 3 of the sub-agent; 24 - 16 - 3 of the last turn
    expect(lengths).toEqual([8, null, 8, 5, 5]);
    for (const { columns } of turns(0)) {
      const [text] = columns["text_column"] ?? [];
      if (text !== undefined) expect(encode(text).length).toBe(columns["prompt_tokens_count_column"]?.[0]);
    }
    expect(JSON.parse(String(turns(0)[1]?.columns["tool_response_column"]?.[0]))).toEqual({
      result: expect.any(String),
    });
  });

  test("a context that was rewritten is sent as a whole, without history", async () => {
    const rows = [
      { id: "a", requests: [request(0, 16), request(1, 20, { hash_ids: [1, 50, 51, 52, 53] }), request(2, 8)] },
    ];
    const { turns } = await openTrace("weka", rows, SMALL);
    expect(edgesOf(turns(0))).toEqual(["main_0 > main_1 new", "main_1 > main_2 new"]);
    expect(turns(0).map(({ columns }) => columns["prompt_tokens_count_column"])).toEqual([[16], [20], [8]]);
    const [first = [], second = []] = turns(0).map(({ columns }) => encode(columns["text_column"]?.[0]));
    expect(second.slice(0, 4)).toEqual(first.slice(0, 4));
    expect(second.slice(4, 8)).not.toEqual(first.slice(4, 8));
  });

  test("rows of the published format, blocks of 64, identifiers of full blocks or of all", async () => {
    const rows = [
      {
        id: "c-01",
        block_size: 64,
        hash_id_scope: "local",
        models: ["m"],
        tool_tokens: 12,
        requests: [
          { t: 0.0, type: "s", in: 130, out: 20, hash_ids: [1, 2], api_time: 1.5, think_time: 2, stop: "end_turn" },
          { t: 4.5, type: "n", in: 200, out: 35, hash_ids: [1, 2, 3, 9], duration: 0.5 },
        ],
      },
      { id: "c-02", hash_id_scope: "local", requests: [{ t: 0.0, in: 70, out: 9, hash_ids: [1] }] },
    ];
    const { turns } = await openTrace("weka", rows);
    const prompts = [...turns(0), ...turns(1)].map(({ columns }) => encode(columns["text_column"]?.[0]));
    expect(prompts.map(({ length }) => length)).toEqual([130, 50, 70]); // 200 - 130 - 20 are new
    expect(prompts[2]?.slice(0, 64)).not.toEqual(prompts[0]?.slice(0, 64)); // local identifiers
    expect(turns(0).map(({ settings }) => settings.trace_duration)).toEqual([1.5, 0.5]);
    const global = await openTrace(
      "weka",
      rows.map(({ hash_id_scope: _local, ...row }) => row),
    );
    const [one, other] = [global.turns(0)[0], global.turns(1)[0]].map((turn) =>
      encode(turn?.columns["text_column"]?.[0]),
    );
    expect(other?.slice(0, 64)).toEqual(one?.slice(0, 64));
  });

  test("sub-agents: several beside each other, within each other, absolute times, none before or after", async () => {
    const sub = (t: number, requests: readonly unknown[], more: object = {}) => ({
      t,
      type: "subagent",
      requests,
      ...more,
    });
    const rows = [
      {
        id: "a",
        requests: [
          sub(1, [request(1.5, 8)]),
          request(2, 8),
          sub(3, [request(3.5, 8), sub(4, [request(0.25, 8)], { agent_id: "inner" }), request(5, 16)]),
          sub(3, [request(3.25, 8)]),
          request(9, 16),
          sub(10, [request(0, 8)]),
        ],
      },
    ];
    const { turns } = await openTrace("weka", rows, SMALL);
    expect(turns(0).map(({ node_id, agent_id, settings }) => [node_id, agent_id, settings.relative_timestamp])).toEqual(
      [
        ["sa_0_0", "sa_0", 0],
        ["main_0", "default", 0.5],
        ["sa_1_0", "sa_1", 2],
        ["sa_2_0", "inner", 2.75],
        ["sa_1_1", "sa_1", 3.5],
        ["sa_3_0", "sa_3", 1.75],
        ["main_1", "default", 7.5],
        ["sa_4_0", "sa_4", 8.5],
      ],
    );
    expect(edgesOf(turns(0))).toEqual([
      "sa_0_0 > main_0 last",
      "main_0 > sa_1_0 new",
      "sa_1_0 > sa_2_0 new",
      "sa_1_0 > sa_1_1 full",
      "sa_2_0 > sa_1_1 last",
      "main_0 > sa_3_0 new",
      "main_0 > main_1 full",
      "sa_1_1 > main_1 last",
      "sa_3_0 > main_1 last",
      "main_1 > sa_4_0 new",
    ]);
  });

  test("tools of one's own, and results of a given length", async () => {
    const tools = [{ type: "function", function: { name: "search" } }];
    const { turns } = await openTrace("weka", VECTOR, { ...SMALL, tools, tool_response_tokens: 30 });
    expect(JSON.parse(String(turns(0)[0]?.columns["tools_column"]?.[0]))).toEqual(tools);
    const { result } = JSON.parse(String(turns(0)[1]?.columns["tool_response_column"]?.[0])) as { result: string };
    expect(encode(result)).toHaveLength(30);
  });

  test("an empty list of input types after a tool call brings its result; a first turn brings none", async () => {
    const rows = [
      {
        id: "a",
        requests: [
          request(0, 8, { input_types: ["tool_result"], stop: "tool_use" }),
          request(1, 16, { input_types: [] }),
          request(2, 24, { input_types: [] }),
        ],
      },
    ];
    const { turns } = await openTrace("weka", rows, SMALL);
    expect(turns(0).map(kindOf)).toEqual(["client_tool_call, tools", "tool_response_injection, response", "-"]);
  });

  test("a conversation ends before the request that exceeds the longest context", async () => {
    const { turns } = await openTrace("weka", VECTOR, { ...SMALL, max_context_len: 20 });
    expect(turns(0).map(({ node_id }) => node_id)).toEqual(["main_0", "main_1", "sa_0_0", "sa_0_1"]);
    const none = await openTrace("weka", VECTOR, { ...SMALL, max_context_len: 10 });
    expect(() => none.source.row(0, 0)).toThrow("conversation 1 of the trace: its first request exceeds 10 tokens");
  });

  test.each([
    [request(0, 8, { hash_ids: [1] }), "8 tokens in blocks of 4 need 2 hash_ids, got 1"],
    [request(0, 9, { hash_ids: [1, 2, 3, 4] }), "need 3 hash_ids, got 4"],
    [request(0, 8, { out: -1 }), "out must be a whole number"],
    [request(0, 8, { in: null }), "in is empty"],
    ["text", "a request must be a mapping"],
    [{ t: 1, type: "subagent", requests: 4 }, "requests of a sub-agent must be a list"],
  ])("a conversation that cannot be is skipped, and the others stay: %j", async (bad, message) => {
    const { source, turns } = await openTrace("weka", [...VECTOR, { id: "b", requests: [request(0, 8), bad] }], SMALL);
    expect(source.rowCount).toBe(3);
    expect(turns(0)[0]?.settings.relative_timestamp).toBe(0);
    expect(() => source.row(2, 0)).toThrow(message);
  });

  test("sessions are moved as one, and copies follow", async () => {
    const { source, turns } = await openTrace("weka", VECTOR, { ...SMALL, max_wait: 2, copies: 2, time_scale: 2 });
    const times = (index: number) => turns(index).map(({ settings }) => settings.relative_timestamp);
    expect(source.rowCount).toBe(4);
    expect(times(0)).toEqual([0, 2, 6, 8, 12]); // 2.5 between 1 and 3.5 becomes 2, 5.5 before 10 becomes 2
    expect(times(2)[0]).toBe(12);
  });

  test("what a trace cannot lack is named before it begins", async () => {
    await expect(openTrace("weka", [{ id: "a", requests: [{ t: 0, in: 4 }] }])).rejects.toThrow("has no out, hash_ids");
    await expect(openTrace("weka", [{ name: "a", t: 0, in: 4, out: 2, hash_ids: [1] }])).rejects.toThrow(
      "has no id, requests (a list of mappings)",
    );
  });

  test("becomes conversations of requests", async () => {
    const path = writeFile(".jsonl", VECTOR.map((row) => JSON.stringify(row)).join("\n"));
    const pipeline = await DataPipeline.create(
      planOf([{ kind: "weka", source: { kind: "json_file", path }, ...SMALL }]),
    );
    const [first] = [...pipeline.open(0)];
    expect(first?.graph.nodes.map(({ nodeId, request }) => [nodeId, request.turnType])).toEqual([
      ["main_0", "client_tool_call"],
      ["main_1", "tool_response_injection"],
      ["sa_0_0", "standard"],
      ["sa_0_1", "standard"],
      ["main_2", "standard"],
    ]);
    expect(pipeline.skippedRows).toBe(0);
  });
});

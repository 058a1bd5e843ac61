import { describe, expect, test } from "@jest/globals";
import type { MappedTurn } from "../mapper/column-mapper.js";
import { finalizeConversation } from "./generative-finalizer.js";
import type { ToolCallMode } from "./tool-turns.js";

const TOOLS = JSON.stringify([{ type: "function", function: { name: "get_data" } }]);

function graphOf(turns: readonly MappedTurn[], toolCalls?: ToolCallMode) {
  const graph = finalizeConversation(turns, "g", toolCalls === undefined ? {} : { toolCalls });
  if (graph === null) throw new Error("the turns gave no conversation");
  return graph;
}

const types = (turns: readonly MappedTurn[], mode?: ToolCallMode) =>
  graphOf(turns, mode).nodes.map(({ nodeId, request }) => `${nodeId} ${request.turnType}`);
const edges = (turns: readonly MappedTurn[]) =>
  graphOf(turns).edges.map(({ source, target, historyContext }) => `${source} > ${target} ${historyContext}`);

const plain = { text_column: ["q"], output_tokens_count_column: [9] };
const calling = { ...plain, prompt_tokens_count_column: [3], tools_column: [TOOLS], tool_response_column: ["r"] };

describe("a turn whose tools the client calls", () => {
  test("becomes the call and the turn with the results, which has the output length and the think time", () => {
    const turn = {
      ...calling,
      tool_choice_column: ["auto"],
      relative_timestamp_column: [4],
      requeue_delay_column: [2],
      request_duration_column: [7],
    };
    const [call, injection] = graphOf([turn]).nodes;
    expect(call?.request).toMatchObject({
      turnType: "client_tool_call",
      columns: { text_column: ["q"], tools_column: [TOOLS], tool_choice_column: ["auto"] },
      inputMetrics: { text_tokens: 3 },
      outputMetrics: { text_tokens: null },
    });
    expect(call?.request.columns).not.toHaveProperty("tool_response_column");
    expect(call?.settings).toEqual({
      relativeTimestampSeconds: 4,
      requeueDelaySeconds: null,
      traceDurationSeconds: null,
    });
    expect(injection?.request).toMatchObject({
      turnType: "tool_response_injection",
      columns: { tool_response_column: ["r"] },
      inputMetrics: { text_tokens: null },
      outputMetrics: { text_tokens: 9 },
    });
    expect(injection?.settings).toEqual({
      relativeTimestampSeconds: null,
      requeueDelaySeconds: 2,
      traceDurationSeconds: 7,
    });
  });

  test("three turns, tools on the first two: five requests (vector of GuideLLM)", () => {
    expect(types([calling, calling, plain])).toEqual([
      "turn_0 client_tool_call",
      "turn_0_injection tool_response_injection",
      "turn_1 client_tool_call",
      "turn_1_injection tool_response_injection",
      "turn_2 standard",
    ]);
    expect(edges([calling, calling, plain])).toEqual([
      "turn_0 > turn_0_injection full",
      "turn_0_injection > turn_1 full",
      "turn_1 > turn_1_injection full",
      "turn_1_injection > turn_2 full",
    ]);
  });

  test("four turns, tools on the first and the last: six requests (vector of GuideLLM)", () => {
    expect(types([calling, plain, plain, calling])).toHaveLength(6);
  });

  test("a branch of such a turn starts after the results, whatever it shows (vector of GuideLLM)", () => {
    const turn = (node_id: string, parents: unknown[], columns: object) => ({ node_id, parents, columns });
    const packed = {
      turns: [
        turn("a", [], calling),
        turn("b", [{ parent_node_id: "a", history_context: "new" }], plain),
        turn("c", [{ parent_node_id: "a" }, { parent_node_id: "b", history_context: "last" }], plain),
      ],
    };
    expect(edges([{ conversation_turns_column: [packed] }])).toEqual([
      "a > a_injection full",
      "a_injection > b new",
      "a_injection > c full",
      "b > c last",
    ]);
  });

  test("its class is that of both", () => {
    const { nodes } = graphOf([plain, { ...calling, class_column: ["tools"] }]);
    expect(nodes.map(({ classId }) => classId)).toEqual([undefined, 0, 0]);
  });

  test("without results of its own it still gets a turn for them", () => {
    const { tool_response_column: _none, ...asking } = calling;
    const [, injection] = graphOf([asking]).nodes;
    expect(injection?.request).toMatchObject({ turnType: "tool_response_injection", columns: {} });
  });
});

describe("a turn that says its type", () => {
  const typed = (type: string, turn: MappedTurn) => ({ ...turn, turn_type_column: [type] });
  const { tool_response_column: _none, ...asking } = calling;

  test.each([
    ["client_tool_call", calling, ["turn_0 client_tool_call", "turn_0_injection tool_response_injection"]],
    ["client_tool_call", asking, ["turn_0 client_tool_call"]],
    ["tool_response_injection", calling, ["turn_0 tool_response_injection"]],
    ["server_tool_call", calling, ["turn_0 server_tool_call"]],
    ["standard", calling, ["turn_0 standard"]],
  ])("%s is split only where it holds the results of a client's call", (type, turn, expected) => {
    expect(types([typed(type, turn)])).toEqual(expected);
    expect(types([typed(type, turn)], "server")).toEqual(expected);
  });

  test("of the server keeps its tools, which one without a type loses in the mode server", () => {
    expect(graphOf([typed("server_tool_call", calling)]).nodes[0]?.request.columns).toHaveProperty("tools_column");
    const [served] = graphOf([calling], "server").nodes;
    expect(served?.request).toMatchObject({ turnType: "server_tool_call", outputMetrics: { text_tokens: 9 } });
    expect(served?.request.columns).toEqual({ text_column: ["q"] });
  });
});

test("data that has split its turns itself stays as it is", () => {
  const packed = {
    turns: [
      { node_id: "a", columns: calling },
      { node_id: "a_injection", parents: [{ parent_node_id: "a" }], columns: plain },
    ],
  };
  expect(types([{ conversation_turns_column: [packed] }])).toEqual(["a client_tool_call", "a_injection standard"]);
});

test("recorded messages are sent as they are", () => {
  const messages = [{ role: "user", content: "q" }];
  const [node] = graphOf([{ raw_messages_column: [messages] }]).nodes;
  expect(node?.request).toMatchObject({ turnType: "standard", columns: { raw_messages_column: [messages] } });
});

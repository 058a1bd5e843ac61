import { describe, expect, test } from "@jest/globals";
import type { MappedTurn } from "../mapper/column-mapper.js";
import { finalizeConversation } from "./generative-finalizer.js";

const turn = (node_id: string, rest: object = {}) => ({
  node_id,
  columns: { text_column: [`text ${node_id}`] },
  ...rest,
});
const parent = (parent_node_id: string, history_context?: string) => ({ parent_node_id, history_context });
const pack = (...turns: unknown[]): MappedTurn => ({ conversation_turns_column: [{ turns }] });

/** The example of a plan, a helper that looks something up, and a decision. */
const TRIP = [
  turn("a"),
  turn("b", { agent_id: "helper", parents: [parent("a", "new")] }),
  turn("c", { parents: [parent("a"), parent("b", "last")] }),
];

const texts = (mapped: readonly MappedTurn[]) =>
  finalizeConversation(mapped, "g")?.nodes.map(({ request }) => request.columns["text_column"]);

describe("a packed conversation", () => {
  test("keeps its turns, agents and edges, as an object or as JSON text", () => {
    const graph = finalizeConversation([pack(...TRIP)], "0-0");
    expect(graph?.nodes.map(({ nodeId, agentId }) => [nodeId, agentId])).toEqual([
      ["a", "default"],
      ["b", "helper"],
      ["c", "default"],
    ]);
    expect(graph?.edges).toEqual([
      { source: "a", target: "b", historyContext: "new" },
      { source: "a", target: "c", historyContext: "full" },
      { source: "b", target: "c", historyContext: "last" },
    ]);
    const text = JSON.stringify({ turns: TRIP, graph_id: null, unknown: 1 });
    expect(finalizeConversation([{ conversation_turns_column: [text] }], "0-0")).toEqual(graph);
  });

  test("has its settings; no delay and none are the same", () => {
    const settings = { relative_timestamp: 0, requeue_delay: 0, trace_duration: 1.5 };
    expect(finalizeConversation([pack(turn("a", { settings }))], "g")?.nodes[0]?.settings).toEqual({
      relativeTimestampSeconds: 0,
      requeueDelaySeconds: null,
      traceDurationSeconds: 1.5,
    });
    expect(finalizeConversation([pack(turn("a", { settings: null, parents: null }))], "g")?.nodes).toHaveLength(1);
  });

  test("a value without its list is a list of one, empty values are none", () => {
    const columns = { text_column: "a", prefix_column: [null], output_tokens_count_column: 5 };
    const request = finalizeConversation([pack({ node_id: "a", columns })], "g")?.nodes[0]?.request;
    expect(request).toMatchObject({ columns: { text_column: ["a"] }, outputMetrics: { text_tokens: 5 } });
    expect(request?.columns).not.toHaveProperty("prefix_column");
  });

  test("columns of other sources are appended to its turns, counts are summed", () => {
    const mapped: readonly MappedTurn[] = [
      {
        ...pack(turn("a", { columns: { text_column: ["a"], prompt_tokens_count_column: [2] } }), turn("b")),
        text_column: ["more a"],
        prompt_tokens_count_column: [3],
        output_tokens_count_column: [9],
      },
      { text_column: ["more b"] },
    ];
    expect(texts(mapped)).toEqual([
      ["a", "more a"],
      ["text b", "more b"],
    ]);
    expect(finalizeConversation(mapped, "g")?.nodes[0]?.request).toMatchObject({
      inputMetrics: { text_tokens: 5 },
      outputMetrics: { text_tokens: 9 },
    });
  });

  test("two of them are zipped by turn", () => {
    const [one, other] = [{ turns: [turn("a"), turn("b")] }, { turns: [turn("x")] }];
    expect(texts([{ conversation_turns_column: [one, other] }])).toEqual([["text a", "text x"], ["text b"]]);
    expect(() => texts([{ conversation_turns_column: [other, one] }])).toThrow(
      "there are columns for turn 1 of a conversation of 1 turns",
    );
  });

  test("times of other sources become settings where there are none", () => {
    const timed = (settings: object | null) => ({
      ...pack(turn("a", { settings })),
      relative_timestamp_column: [4],
    });
    const time = (settings: object | null) =>
      finalizeConversation([timed(settings)], "g")?.nodes[0]?.settings.relativeTimestampSeconds;
    expect(time(null)).toBe(4);
    expect(time({ relative_timestamp: 1 })).toBe(1);
    expect(finalizeConversation([timed(null)], "g")?.nodes[0]?.request.columns).toEqual({ text_column: ["text a"] });
  });

  test("columns for turns that it lacks are refused", () => {
    expect(() => texts([pack(turn("a")), { text_column: ["lost"] }])).toThrow(
      expect.objectContaining({ code: "CORE_DATA_BAD_ROW", message: expect.stringContaining("turn 1") }),
    );
  });
});

test.each<[unknown, string]>([
  ["not json", "conversation_turns is not JSON"],
  [{}, "a conversation needs a list of turns"],
  [{ turns: [] }, "a conversation needs a list of turns"],
  [{ turns: [{}] }, "a turn needs a node_id"],
  [{ turns: [turn("a"), turn("a")] }, "two turns of a conversation have the same node_id"],
  [{ turns: [turn("a", { parents: [parent("z")] })] }, 'names the parent "z", which does not exist'],
  [{ turns: [turn("a", { parents: "z" })] }, 'the turn "a" must hold a list of parents, got "z"'],
  [{ turns: [turn("a", { parents: [{}] })] }, "a parent needs a parent_node_id"],
  [{ turns: [turn("a"), turn("b", { parents: [parent("a", "some")] })] }, 'unknown history_context "some"'],
  [{ turns: [turn("a", { parents: [parent("a")] })] }, 'the turns "a" wait for each other'],
  [
    { turns: [turn("r"), turn("a", { parents: [parent("b")] }), turn("b", { parents: [parent("a")] })] },
    'the turns "a", "b" wait for each other',
  ],
  [
    { turns: [turn("a"), turn("b"), turn("c", { parents: [parent("a"), parent("b")] })] },
    'the turn "c" has two parents with full history',
  ],
  [{ turns: [turn("a", { columns: "text" })] }, 'the columns of the turn "a" must be a mapping'],
  [{ turns: [turn("a", { settings: [] })] }, 'the settings of the turn "a" must be a mapping'],
  [{ turns: [turn("a", { settings: { requeue_delay: -1 } })] }, "requeue_delay must be a number of seconds >= 0"],
  [{ turns: [turn("a", { columns: null })] }, "the turn a holds nothing to send"],
])("refuses the conversation %j", (conversation, message) => {
  expect(() => finalizeConversation([{ conversation_turns_column: [conversation] }], "g")).toThrow(
    expect.objectContaining({ code: "CORE_DATA_BAD_ROW", message: expect.stringContaining(message) }),
  );
});

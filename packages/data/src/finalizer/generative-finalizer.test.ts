import { type GenerationRequest, UNKNOWN_USAGE } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import type { MappedTurn } from "../mapper/column-mapper.js";
import { finalizeConversation } from "./generative-finalizer.js";

const NO_SETTINGS = { relativeTimestampSeconds: null, requeueDelaySeconds: null, traceDurationSeconds: null };
const only = (turn: MappedTurn) => finalizeConversation([turn], "0-7")?.nodes[0];

describe("one turn", () => {
  test("becomes a conversation of one request", () => {
    const turn = {
      prefix_column: ["Be brief."],
      text_column: ["Why is the sky blue?"],
      prompt_tokens_count_column: [7],
      output_tokens_count_column: ["40"],
      tool_choice_column: ["auto"],
    };
    expect(finalizeConversation([turn], "0-7")).toEqual({
      graphId: "0-7",
      edges: [],
      nodes: [
        {
          nodeId: "turn_0",
          agentId: "default",
          settings: NO_SETTINGS,
          request: {
            requestId: "0-7-0",
            turnType: "standard",
            columns: {
              prefix_column: ["Be brief."],
              text_column: ["Why is the sky blue?"],
              tool_choice_column: ["auto"],
            },
            inputMetrics: { ...UNKNOWN_USAGE, text_tokens: 7, text_words: 7, text_characters: 29 },
            outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 40 },
          },
        },
      ],
    });
  });

  test("sums counts of several columns and sources, zero is unknown", () => {
    const turn = {
      text_column: ["a", "b c"],
      prompt_tokens_count_column: [1, "2"],
      output_tokens_count_column: [0, ""],
    };
    expect(only(turn)?.request).toMatchObject({
      columns: { text_column: ["a", "b c"] },
      inputMetrics: { text_tokens: 3, text_words: 3, text_characters: 4 },
      outputMetrics: { text_tokens: null },
    });
  });

  test("numbers and booleans are sent as text", () => {
    expect(only({ text_column: [5, true] })?.request.columns).toEqual({ text_column: ["5", "true"] });
  });

  test("takes the explicit turn type", () => {
    expect(only({ text_column: ["a"], turn_type_column: ["server_tool_call"] })?.request).toMatchObject({
      turnType: "server_tool_call",
      columns: { text_column: ["a"] },
    });
  });

  test("moves times out of the columns", () => {
    const turn = {
      text_column: ["a"],
      relative_timestamp_column: ["1.5"],
      requeue_delay_column: [2],
      request_duration_column: [0],
    };
    expect(only(turn)).toMatchObject({
      request: { columns: { text_column: ["a"] } },
      settings: { relativeTimestampSeconds: 1.5, requeueDelaySeconds: 2, traceDurationSeconds: 0 },
    });
    expect(only({ text_column: ["a"], requeue_delay_column: [0] })?.settings).toEqual(NO_SETTINGS);
  });

  test("keeps columns of other types for backends that know them", () => {
    expect(only({ pooling_column: [{ data: 1 }] })?.request.columns).toEqual({ pooling_column: [{ data: 1 }] });
  });
});

test("several turns are a chain with full history", () => {
  const graph = finalizeConversation(
    [{ text_column: ["a"] }, {}, { text_column: ["b"], output_tokens_count_column: [3] }, { text_column: ["c"] }],
    "1-2",
  );
  expect(graph?.nodes.map(({ nodeId, request }) => [nodeId, request.requestId])).toEqual([
    ["turn_0", "1-2-0"],
    ["turn_1", "1-2-1"],
    ["turn_2", "1-2-2"],
  ]);
  expect(graph?.edges).toEqual([
    { source: "turn_0", target: "turn_1", historyContext: "full" },
    { source: "turn_1", target: "turn_2", historyContext: "full" },
  ]);
});

test("a row of empty cells is no conversation", () => {
  expect(finalizeConversation([], "0-0")).toBeNull();
  expect(finalizeConversation([{}, {}], "0-0")).toBeNull();
});

test.each([
  [{ text_column: [["a"]] }, 'text_column must hold text, got ["a"]'],
  [{ prefix_column: [{ role: "system" }] }, 'prefix_column must hold text, got {"role":"system"}'],
  [{ text_column: ["a"], output_tokens_count_column: ["many"] }, "output_tokens_count must be a whole number >= 0"],
  [
    { text_column: ["a"], output_tokens_count_column: [1.5] },
    "output_tokens_count must be a whole number >= 0, got 1.5",
  ],
  [{ text_column: ["a"], prompt_tokens_count_column: [-1] }, "prompt_tokens_count must be a whole number >= 0, got -1"],
  [{ text_column: ["a"], prompt_tokens_count_column: [true] }, "must be a whole number >= 0, got true"],
  [{ text_column: ["a"], prompt_tokens_count_column: [" "] }, 'must be a whole number >= 0, got " "'],
  [
    { text_column: ["a"], relative_timestamp_column: [-1] },
    "relative_timestamp must be a number of seconds >= 0, got -1",
  ],
  [
    { text_column: ["a"], requeue_delay_column: [Number.NaN] },
    "requeue_delay must be a number of seconds >= 0, got NaN",
  ],
  [{ text_column: ["a"], request_duration_column: ["x"] }, 'duration must be a number of seconds >= 0, got "x"'],
  [{ text_column: ["a"], turn_type_column: ["tool"] }, "turn_type must be one of standard, client_tool_call"],
  [{ output_tokens_count_column: [5] }, "the turn turn_0 holds nothing to send"],
])("refuses the row %j", (turn, message) => {
  expect(() => only(turn)).toThrow(
    expect.objectContaining({ code: "CORE_DATA_BAD_ROW", message: expect.stringContaining(message) }),
  );
});

function requestOf(turn: MappedTurn): GenerationRequest {
  const node = only(turn);
  if (node === undefined) throw new Error("the turn gave no request");
  return node.request;
}

test("audio is measured: sums, and nothing where an item does not say", () => {
  const audio = (audio_seconds: number | null) => ({ audio: new Uint8Array(8), audio_seconds, audio_bytes: 8 });
  const { inputMetrics, columns } = requestOf({ audio_column: [audio(1.5), audio(2)] });
  expect(inputMetrics).toMatchObject({ audio_seconds: 3.5, audio_bytes: 16, audio_samples: null, text_words: null });
  expect(columns["audio_column"]).toHaveLength(2);
  expect(requestOf({ audio_column: [audio(1.5), audio(null)] }).inputMetrics.audio_seconds).toBeNull();
  expect(requestOf({ text_column: ["a"] }).inputMetrics).toMatchObject({ audio_seconds: null, audio_bytes: null });
});

test("a query and documents count as words", () => {
  const { inputMetrics, columns } = requestOf({
    query_column: ["one two"],
    documents_column: [["three", "four five"]],
  });
  expect(inputMetrics).toMatchObject({ text_words: 5, text_characters: 21 });
  expect(columns).toEqual({ query_column: ["one two"], documents_column: [["three", "four five"]] });
});

test.each([
  [
    { data: "x", priority: 2 },
    { data: "x", priority: 2 },
  ],
  ['{"data":{"indices":[1,2]}}', { data: { indices: [1, 2] } }],
])("the pooling column holds an object or its JSON: %j", (cell, body) => {
  expect(requestOf({ pooling_column: [cell] }).columns).toEqual({ pooling_column: [body] });
});

test.each([["text"], ["[1]"], [5], [{ priority: 1 }], [{ data: "" }]])("refuses %j in the pooling column", (cell) => {
  expect(() => only({ pooling_column: [cell] })).toThrow(
    expect.objectContaining({
      code: "CORE_DATA_BAD_ROW",
      message: expect.stringContaining('must hold an object with "data"'),
    }),
  );
});

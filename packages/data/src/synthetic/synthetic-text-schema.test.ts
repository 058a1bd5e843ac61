import { describe, expect, test } from "@jest/globals";
import "../register.js";
import { dataSources } from "../source/data-sources.js";

const parse = (args: Record<string, unknown>) =>
  dataSources.parseArgs({ kind: "synthetic_text", prompt_tokens: 10, ...args }, "data[0]") as unknown as Record<
    string,
    unknown
  >;

function refusal(args: Record<string, unknown>): string {
  try {
    parse(args);
  } catch (error) {
    expect(error).toMatchObject({ code: "CORE_REGISTRY_INVALID_ARGS" });
    return (error as Error).message;
  }
  throw new Error("was accepted");
}

describe("args of synthetic_text", () => {
  test("numbers may be text or whole floats; the rest gets its defaults", () => {
    expect(parse({ prompt_tokens: "128", output_tokens: 32.0, turns: "2", delay: "0.5" })).toEqual({
      kind: "synthetic_text",
      prompt_tokens: 128,
      prompt_tokens_stdev: null,
      prompt_tokens_min: null,
      prompt_tokens_max: null,
      output_tokens: 32,
      output_tokens_stdev: null,
      output_tokens_min: null,
      output_tokens_max: null,
      first_prompt_tokens: null,
      first_prompt_tokens_stdev: null,
      first_prompt_tokens_min: null,
      first_prompt_tokens_max: null,
      first_output_tokens: null,
      first_output_tokens_stdev: null,
      first_output_tokens_min: null,
      first_output_tokens_max: null,
      delay: 0.5,
      delay_stdev: null,
      delay_min: null,
      delay_max: null,
      turns: 2,
      tool_call_turns: [],
      server_tool_call_turns: [],
      tools: null,
      tool_response_tokens: null,
      tool_response_tokens_stdev: null,
      tool_response_tokens_min: null,
      tool_response_tokens_max: null,
      branches: [],
      prefix_buckets: null,
      load_kwargs: {},
    });
  });

  test.each([
    [{ prompt_tokens: undefined }, "data[0].prompt_tokens: must be a whole number, got nothing"],
    [{ prompt_tokens: Number.NaN }, "data[0].prompt_tokens: must be a whole number, got NaN"],
    [{ prompt_tokens: "many" }, 'data[0].prompt_tokens: must be a whole number, got "many"'],
    [{ prompt_tokens: 0 }, "data[0].prompt_tokens: must be > 0, got 0"],
    [{ prompt_tokens: -5 }, "data[0].prompt_tokens: must be > 0, got -5"],
    [{ prompt_tokens: 1.5 }, "data[0].prompt_tokens: must be a whole number, got 1.5"],
    [{ prompt_tokens: Number.POSITIVE_INFINITY }, "data[0].prompt_tokens: must be a whole number, got Infinity"],
    [{ output_tokens: 8, output_tokens_stdev: 0 }, "data[0].output_tokens_stdev: must be > 0, got 0"],
    [{ delay: 0 }, "data[0].delay: must be > 0, got 0"],
    [{ turns: 0 }, "data[0].turns: must be > 0, got 0"],
    [{ prompt_tokns: 3 }, 'data[0].prompt_tokns: unknown key (did you mean "prompt_tokens"?)'],
    [{ samples: 3 }, "data[0].samples: unknown key"],
    [{ prompt_tokens_min: 9, prompt_tokens_max: 3 }, "prompt_tokens: the lower bound 9 exceeds the upper bound 3"],
    [{ prompt_tokens_max: 3 }, "prompt_tokens: the lower bound 10 exceeds the upper bound 3"],
    [{ prompt_tokens_min: 30 }, "prompt_tokens: the lower bound 30 exceeds the upper bound 10"],
    [
      { prompt_tokens: 100, prompt_tokens_stdev: 5, prompt_tokens_max: 50 },
      "prompt_tokens: the lower bound 75 exceeds the upper bound 50",
    ],
    [{ delay: 1, delay_stdev: 0.1, delay_min: 3 }, "delay: the lower bound 3 exceeds the upper bound 1.5"],
    [{ output_tokens_stdev: 3 }, "output_tokens_stdev needs output_tokens"],
    [{ first_prompt_tokens_max: 3 }, "first_prompt_tokens_max needs first_prompt_tokens"],
    [{ delay_min: 3 }, "delay_min needs delay"],
    [{ tool_response_tokens_min: 3 }, "tool_response_tokens_min needs tool_response_tokens"],
    [{ prefix_buckets: [{ bucket_weight: 0 }] }, "prefix_buckets: bucket_weight must be > 0"],
    [{ prefix_buckets: [{ prefix_count: 0 }] }, "prefix_buckets: prefix_count must be >= 1"],
    [{ prefix_buckets: [{ prefix_tokens: -1 }] }, "prefix_buckets: prefix_tokens must be >= 0"],
    [{ prefix_buckets: [{ weight: 3 }] }, 'prefix_buckets: must not hold the key "weight"'],
    [{ prefix_buckets: { bucket_weight: 3 } }, "prefix_buckets: must be a list of buckets"],
    [{ prefix_buckets: [3] }, "prefix_buckets: must hold mappings"],
    [{ prefix_count: -1 }, "data[0].prefix_count: must be >= 0, got -1"],
    [{ prefix_tokens: -1 }, "data[0].prefix_tokens: must be >= 0, got -1"],
    [{ prefix_tokens: 5, prefix_buckets: [{}] }, "give either prefix_buckets or the shorthand"],
    [{ tool_call_turns: "1 or so" }, "tool_call_turns: must be -1, a count, or a list"],
    [{ tool_call_turns: [0, 0] }, "tool_call_turns: must not repeat a turn"],
    [{ server_tool_call_turns: -2 }, "server_tool_call_turns: must be -1, a count, or a list"],
    [{ tools: "search" }, "tools: must be a list of mappings"],
    [{ tool_call_turns: 2 }, "tool_call_turns: 1 is no turn of a conversation of 1"],
    [{ turns: 2, server_tool_call_turns: [0, 2] }, "server_tool_call_turns: 2 is no turn of a conversation of 2"],
    [{ turns: 2, tool_call_turns: [-1, 1] }, "tool_call_turns: -1 is no turn"],
    [{ turns: 2, tool_call_turns: -1, server_tool_call_turns: [1] }, "turn 1 is in tool_call_turns and in server_"],
    [{ branches: 3 }, "branches: must be a list of branches, got 3"],
    [{ branches: [3] }, "branches: [0]"],
    [{ turns: 3, branches: [{ turns: 1 }] }, "branches: [0].at_turn: is required"],
    [{ turns: 3, branches: [{ at_turn: 0, turns: 0 }] }, "branches: [0].turns: must be > 0, got 0"],
    [{ turns: 3, branches: [{ at_turn: 0, turns: 1, merge_after: 0 }] }, "merge_after: must be >= 1, got 0"],
    [
      { turns: 3, branches: [{ at_turn: 0, turns: 1, merge: 1 }] },
      '[0].merge: unknown key (did you mean "merge_after"?)',
    ],
    [
      { turns: 3, branches: [{ at_turn: 0, turns: 1, first_prompt_tokens_stdev: 2 }] },
      "[0].first_prompt_tokens_stdev needs first_prompt_tokens",
    ],
    [
      { turns: 3, branches: [{ at_turn: 1, turns: 1, merge_after: 2 }] },
      "branches: [0] merges at turn 3 (at_turn + merge_after), and the conversation has 3 turns",
    ],
    [{ branches: [{ at_turn: 0, turns: 1 }] }, "and the conversation has 1 turns"],
  ])("refuses %j", (args, message) => {
    expect(refusal(args)).toContain(message);
  });

  test("tells everything that is wrong at once", () => {
    const lines = refusal({ prompt_tokens: 0, turns: "x", nope: 1 }).split("\n");
    expect(lines).toHaveLength(3);
  });

  test("the shorthand for prefixes makes one bucket and disappears", () => {
    const one = (bucket: object) => [{ bucket_weight: 100, prefix_count: 1, prefix_tokens: 0, ...bucket }];
    expect(parse({ prefix_tokens: 5 })["prefix_buckets"]).toEqual(one({ prefix_tokens: 5 }));
    expect(parse({ prefix_tokens: "5", prefix_count: "3" })["prefix_buckets"]).toEqual(
      one({ prefix_tokens: 5, prefix_count: 3 }),
    );
    expect(parse({ prefix_count: 3 })["prefix_buckets"]).toEqual(one({ prefix_count: 3 }));
    expect(parse({ prefix_tokens: 5 })).not.toHaveProperty("prefix_tokens");
    expect(parse({ prefix_count: 0, prefix_tokens: 0, prefix_buckets: [{}] })["prefix_buckets"]).toEqual(one({}));
    expect(parse({ prefix_count: 0, prefix_tokens: 0 })["prefix_buckets"]).toBeNull();
  });

  test("turns of tools are a count, all of them, or a list, also as JSON text", () => {
    const turns = 3;
    expect(parse({ turns, tool_call_turns: "[2, 0]" })["tool_call_turns"]).toEqual([0, 2]);
    expect(parse({ turns, tool_call_turns: "2" })["tool_call_turns"]).toEqual([0, 1]);
    expect(parse({ turns, tool_call_turns: -1 })["tool_call_turns"]).toEqual([0, 1, 2]);
    expect(parse({ turns, server_tool_call_turns: [-1] })["server_tool_call_turns"]).toEqual([0, 1, 2]);
    expect(parse({ turns, tool_call_turns: 0 })["tool_call_turns"]).toEqual([]);
  });

  test("parsed args parse again to the same", () => {
    const args = parse({ prefix_tokens: 5, output_tokens: 8, output_tokens_stdev: 2 });
    expect(dataSources.parseArgs(args)).toEqual(args);
  });
});

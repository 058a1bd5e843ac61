import { createTokenizer } from "@core/tokenizer";
import { describe, expect, test } from "@jest/globals";
import "../register.js";
import { dataSources } from "../source/data-sources.js";
import { CONVERSATION_COLUMN } from "./synthetic-text.js";

interface Turn {
  readonly node_id: string;
  readonly parents: readonly unknown[];
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
  readonly settings: { readonly requeue_delay: number | null };
}

const tokenizer = await createTokenizer({ kind: "builtin" });

async function open(args: Record<string, unknown>, seed = 42, sourceIndex = 0) {
  const parsed = dataSources.parseArgs({ kind: "synthetic_text", prompt_tokens: 32, ...args });
  const source = await dataSources.create(parsed, { seed, sourceIndex, tokenizer: async () => tokenizer });
  return {
    source,
    turns: (index: number, epoch = 0): readonly Turn[] =>
      (source.row(index, epoch)[CONVERSATION_COLUMN] as { turns: Turn[] }).turns,
  };
}

type Opened = Awaited<ReturnType<typeof open>>;
const textOf = ({ turns }: Opened, index: number, epoch = 0): string =>
  String(turns(index, epoch)[0]?.columns["text_column"]?.[0]);
const texts = (opened: Opened, count: number, epoch = 0) =>
  Array.from({ length: count }, (_, index) => textOf(opened, index, epoch));

describe("synthetic_text", () => {
  test("every prompt has the tokens that its row claims, also a single one", async () => {
    for (const prompt_tokens of [1, 2, 5, 100]) {
      const { turns } = await open({ prompt_tokens, turns: 2 });
      for (const turn of [...turns(0), ...turns(99), ...turns(123_456, 3)]) {
        expect(turn.columns["prompt_tokens_count_column"]).toEqual([prompt_tokens]);
        expect(tokenizer.encode(String(turn.columns["text_column"]?.[0]))).toHaveLength(prompt_tokens);
      }
    }
    const spread = await open({ prompt_tokens: 50, prompt_tokens_stdev: 10 });
    const counts = Array.from({ length: 200 }, (_, index) => {
      const columns = spread.turns(index)[0]?.columns ?? {};
      expect(columns["prompt_tokens_count_column"]).toEqual([tokenizer.count(String(columns["text_column"]?.[0]))]);
      return Number(columns["prompt_tokens_count_column"]?.[0]);
    });
    expect(new Set(counts).size).toBeGreaterThan(20);
  });

  test("no two prompts begin alike, over rows, turns, epochs and sources", async () => {
    const [one, other] = [await open({ turns: 3 }), await open({ turns: 3 }, 42, 1)];
    const all = [one, other].flatMap(({ turns }) =>
      [0, 1].flatMap((epoch) =>
        Array.from({ length: 100 }, (_, index) => turns(index, epoch)).flatMap((conversation) =>
          conversation.map(({ columns }) => String(columns["text_column"]?.[0])),
        ),
      ),
    );
    expect(all).toHaveLength(1200);
    const beginnings = all.map((text) => tokenizer.decode(tokenizer.encode(text).slice(0, 16)));
    expect(new Set(beginnings).size).toBe(1200);
  });

  test("a row depends on seed, epoch and number alone, not on the order of reading", async () => {
    const forwards = texts(await open({}), 50);
    const opened = await open({});
    const backwards = Array.from({ length: 50 }, (_, index) => textOf(opened, 49 - index)).reverse();
    expect(backwards).toEqual(forwards);
    const strided = [0, 1, 2].flatMap((worker) =>
      Array.from({ length: 50 }, (_, index) => index).filter((index) => index % 3 === worker),
    );
    for (const index of strided) expect(textOf(opened, index)).toBe(forwards[index]);
    expect(texts(await open({}, 43), 50)).not.toEqual(forwards);
    expect(texts(await open({}), 50, 1)).not.toEqual(forwards);
  });

  test("turns follow each other, each with its own lengths", async () => {
    const { turns } = await open({
      turns: 3,
      first_prompt_tokens: 64,
      output_tokens: 8,
      first_output_tokens: 16,
      prefix_tokens: 20,
    });
    const conversation = turns(5);
    expect(conversation.map(({ node_id }) => node_id)).toEqual(["main_0", "main_1", "main_2"]);
    expect(conversation.map(({ parents }) => parents)).toEqual([
      [],
      [{ parent_node_id: "main_0", history_context: "full" }],
      [{ parent_node_id: "main_1", history_context: "full" }],
    ]);
    const column = (name: string) => conversation.map(({ columns }) => columns[name]?.[0]);
    expect(column("prompt_tokens_count_column")).toEqual([64, 32, 32]);
    expect(column("output_tokens_count_column")).toEqual([16, 8, 8]);
    const [prefix, ...later] = column("prefix_column");
    expect(tokenizer.count(String(prefix))).toBe(20);
    expect(later).toEqual([undefined, undefined]);
  });

  test("prefixes are shared between conversations and epochs", async () => {
    const { turns } = await open({ prefix_tokens: 20, prefix_count: 3 });
    const prefixes = (epoch: number) =>
      Array.from({ length: 60 }, (_, index) => turns(index, epoch)[0]?.columns["prefix_column"]?.[0]);
    expect(new Set(prefixes(0)).size).toBe(3);
    expect(new Set([...prefixes(0), ...prefixes(1)]).size).toBe(3);
    const none = await open({ prefix_count: 3 });
    expect(none.turns(0)[0]?.columns).not.toHaveProperty("prefix_column");
  });

  test("without output_tokens no output length is asked for", async () => {
    expect((await open({})).turns(0)[0]?.columns).not.toHaveProperty("output_tokens_count_column");
  });

  test("think time is drawn per turn; zero is none", async () => {
    const { turns } = await open({ turns: 4, delay: 1, delay_stdev: 1 });
    const delays = Array.from({ length: 200 }, (_, index) =>
      turns(index).map(({ settings }) => settings.requeue_delay),
    );
    expect(delays.flat().every((delay) => delay === null || (delay > 0 && delay <= 6))).toBe(true);
    expect(delays.flat().filter((delay) => delay === null).length).toBeGreaterThan(50); // P(z < -1) = 0.16 of 800
    expect(new Set(delays[0]).size).toBeGreaterThan(1);
  });

  test("is endless", async () => {
    expect((await open({})).source.rowCount).toBeNull();
  });
});

describe("turns with tools", () => {
  test("hold a placeholder tool and a result; what the server calls holds neither", async () => {
    const { turns } = await open({ turns: 3, tool_call_turns: [0], server_tool_call_turns: [2] });
    const [call, plain, served] = turns(0).map(({ columns }) => columns);
    expect(JSON.parse(String(call?.["tools_column"]?.[0]))).toMatchObject([
      { type: "function", function: { name: "get_data", parameters: { required: ["query"] } } },
    ]);
    expect(call?.["tool_response_column"]).toEqual(['{"status": "ok"}']);
    expect(call).not.toHaveProperty("turn_type_column"); // the finalizer decides who calls
    expect(Object.keys(plain ?? {}).filter((name) => name.includes("tool") || name.includes("type"))).toEqual([]);
    expect(served).toMatchObject({ turn_type_column: ["server_tool_call"] });
    expect(served).not.toHaveProperty("tools_column");
  });

  test("take their own tools, and results of sampled lengths that differ", async () => {
    const tools = [{ type: "function", function: { name: "search" } }];
    const given = { tools, turns: 2, tool_call_turns: -1, tool_response_tokens: 40, tool_response_tokens_stdev: 10 };
    const { turns } = await open(given);
    const all = Array.from({ length: 50 }, (_, index) => turns(index)).flat();
    const results = all.map(({ columns }) => JSON.parse(String(columns["tool_response_column"]?.[0])));
    const lengths = results.map(({ result }) => tokenizer.count(result));
    expect(new Set(lengths).size).toBeGreaterThan(15);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1);
    expect(lengths.reduce((sum, length) => sum + length, 0) / lengths.length).toBeCloseTo(40, -1);
    expect(JSON.parse(String(all[0]?.columns["tools_column"]?.[0]))).toEqual(tools);
    expect(turns(7)).toEqual(turns(7));
    expect(turns(7)).not.toEqual(turns(7, 1));
  });
});

describe("branches", () => {
  const spec = { at_turn: 0, turns: 2, merge_after: 2, agent_id: "researcher" };

  test("start anew after their turn, go on by themselves, and come back by their last answer", async () => {
    const { turns } = await open({ turns: 3, branches: [spec, { at_turn: 1, turns: 1 }], prefix_tokens: 5, delay: 2 });
    const conversation = turns(7) as readonly (Turn & { readonly agent_id: string })[];
    expect(conversation.map(({ node_id, agent_id, parents }) => [node_id, agent_id, parents])).toEqual([
      ["main_0", "default", []],
      ["main_1", "default", [{ parent_node_id: "main_0", history_context: "full" }]],
      [
        "main_2",
        "default",
        [
          { parent_node_id: "main_1", history_context: "full" },
          { parent_node_id: "branch_0_1", history_context: "last" },
          { parent_node_id: "branch_1_0", history_context: "last" },
        ],
      ],
      ["branch_0_0", "researcher", [{ parent_node_id: "main_0", history_context: "new" }]],
      ["branch_0_1", "researcher", [{ parent_node_id: "branch_0_0", history_context: "full" }]],
      ["branch_1_0", "worker", [{ parent_node_id: "main_1", history_context: "new" }]],
    ]);
    const branched = conversation.slice(3);
    expect(branched.every(({ columns }) => columns["prefix_column"] === undefined)).toBe(true);
    expect(conversation.map(({ settings }) => settings.requeue_delay)).toEqual([2, 2, 2, null, null, null]);
    expect(new Set(conversation.map(({ columns }) => columns["text_column"]?.[0])).size).toBe(6);
  });

  test("take their lengths from themselves, then from the first turn, then from any", async () => {
    const own = { ...spec, first_prompt_tokens: 64, first_output_tokens: 3 };
    const { turns } = await open({
      turns: 3,
      output_tokens: 8,
      first_prompt_tokens: 16,
      branches: [own, { at_turn: 0, turns: 2 }],
    });
    const lengths = turns(0).map(({ columns }) => [
      columns["prompt_tokens_count_column"]?.[0],
      columns["output_tokens_count_column"]?.[0],
    ]);
    expect(lengths).toEqual([
      [16, 8],
      [32, 8],
      [32, 8],
      [64, 3],
      [32, 8],
      [16, 8],
      [32, 8],
    ]);
  });

  test("draw lengths and think time for each conversation", async () => {
    const own = { ...spec, first_prompt_tokens: 64, first_prompt_tokens_stdev: 10, delay: 1, delay_stdev: 0.2 };
    const { turns } = await open({ turns: 3, branches: [own] });
    const firsts = Array.from({ length: 50 }, (_, index) => turns(index)[3]);
    expect(new Set(firsts.map((turn) => turn?.columns["prompt_tokens_count_column"]?.[0])).size).toBeGreaterThan(10);
    expect(new Set(firsts.map((turn) => turn?.settings.requeue_delay)).size).toBe(50);
    expect(turns(0)[4]?.settings.requeue_delay).toBeNull(); // nothing waits for it but the main agent
  });

  test("leave the main conversation as it is without them", async () => {
    const [plain, branched] = [await open({ turns: 3 }), await open({ turns: 3, branches: [spec] })];
    expect(branched.turns(4).slice(0, 2)).toEqual(plain.turns(4).slice(0, 2));
    expect(branched.turns(4)[2]?.columns).toEqual(plain.turns(4)[2]?.columns);
  });
});

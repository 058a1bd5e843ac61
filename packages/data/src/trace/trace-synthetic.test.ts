import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTokenizer } from "@core/tokenizer";
import { afterAll, describe, expect, test } from "@jest/globals";
import "../register.js";
import { dataSources } from "../source/data-sources.js";
import { CONVERSATION_COLUMN } from "../synthetic/synthetic-text.js";

const folder = mkdtempSync(join(tmpdir(), "goodput-trace-"));
afterAll(() => rmSync(folder, { recursive: true }));
const tokenizer = await createTokenizer({ kind: "builtin" });
const dependencies = { seed: 42, sourceIndex: 0, tokenizer: async () => tokenizer };

interface Turn {
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
  readonly settings: { readonly relative_timestamp: number; readonly trace_duration: number | null };
}

async function open(rows: readonly unknown[], more: Readonly<Record<string, unknown>> = {}) {
  const path = join(folder, "trace.jsonl");
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  const args = dataSources.parseArgs({ kind: "trace_synthetic", source: { kind: "json_file", path }, ...more });
  const source = await dataSources.create(args, dependencies);
  const turn = (index: number): Turn => {
    const { turns } = source.row(index, 0)[CONVERSATION_COLUMN] as { readonly turns: readonly Turn[] };
    const [only] = turns;
    if (only === undefined) throw new Error("the row has no turn");
    return only;
  };
  return { source, turn };
}

const line = (timestamp: number, input_length = 5, output_length = 7) => ({ timestamp, input_length, output_length });
const times = ({ source, turn }: Awaited<ReturnType<typeof open>>) =>
  Array.from({ length: source.rowCount ?? 0 }, (_, index) => turn(index).settings.relative_timestamp);

describe("trace_synthetic", () => {
  test("prompts have the recorded lengths, times count from the first", async () => {
    const { source, turn } = await open([line(12.5, 35, 10), { ...line(12, 200, 60), duration: 1.5 }]);
    expect(source.rowCount).toBe(2);
    expect(turn(0).settings).toMatchObject({ relative_timestamp: 0, trace_duration: 1.5 });
    expect(turn(1).settings).toMatchObject({ relative_timestamp: 0.5, trace_duration: null });
    for (const [index, tokens] of [200, 35].entries()) {
      const { columns } = turn(index);
      expect(columns["prompt_tokens_count_column"]).toEqual([tokens]);
      expect(tokenizer.count(String(columns["text_column"]?.[0]))).toBe(tokens);
    }
    expect(turn(0).columns["output_tokens_count_column"]).toEqual([60]);
  });

  test.each([
    [{ copies: 2 }, [0, 2, 10, 10, 12, 20]],
    [{ copies: 3, copy_offset: 0.5 }, [0, 2, 10, 5, 7, 15, 10, 12, 20]],
    [{ copies: 2, copy_offset: 0 }, [0, 2, 10, 0, 2, 10]],
    [{ copies: 2, time_scale: 2 }, [0, 4, 20, 20, 24, 40]],
    [{ max_session_wait: 5 }, [0, 2, 7]],
  ])("%j (vectors of GuideLLM)", async (args, expected) => {
    expect(times(await open([line(100), line(102), line(110)], args))).toEqual(expected);
  });

  test("a line that cannot be read is skipped and does not end the trace", async () => {
    const { source, turn } = await open([
      line(0),
      { timestamp: 1, input_length: -3, output_length: 1 },
      line(2),
      line(3),
    ]);
    expect(source.rowCount).toBe(4);
    expect([0, 1, 2].map((index) => turn(index).settings.relative_timestamp)).toEqual([0, 2, 3]);
    expect(() => source.row(3, 0)).toThrow("line 2 of the trace: input_length must be a whole number");
  });

  test("columns may have other names; those that are missing are named", async () => {
    const rows = [{ at: 5, in: 3, out: 4 }];
    const names = { timestamp_column: "at", prompt_tokens_column: "in", output_tokens_column: "out" };
    expect(times(await open(rows, names))).toEqual([0]);
    await expect(open(rows)).rejects.toThrow("no column timestamp, input_length, output_length");
  });

  test("an endless source is refused", async () => {
    const source = { kind: "synthetic_text", prompt_tokens: 5 };
    const args = dataSources.parseArgs({ kind: "trace_synthetic", source });
    await expect(dataSources.create(args, dependencies)).rejects.toThrow("never ends");
  });
});

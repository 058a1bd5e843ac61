import { describe, expect, test } from "@jest/globals";
import { encode, openTrace } from "./support/open-trace.js";

const line = (timestamp: number, input_length: number, hash_ids: readonly unknown[], more: object = {}) => ({
  timestamp,
  input_length,
  output_length: 5,
  hash_ids,
  ...more,
});

/** Tokens that two prompts share from their beginning. */
function shared(left: string, right: string): number {
  const other = encode(right);
  const at = encode(left).findIndex((token, index) => token !== other[index]);
  return at < 0 ? Math.min(encode(left).length, other.length) : at;
}

describe("mooncake", () => {
  // The worked example of blocks of 4; unlike GuideLLM, whose partial blocks stay partial, D and E have their own lengths.
  const EXAMPLE = [
    line(0, 8, [1, 2]),
    line(1, 10, [1, 2, 3]),
    line(2, 6, [1, 4]),
    line(3, 12, [1, 4, 5]),
    line(4, 5, [1, 2]),
  ];

  test("prompts have their recorded lengths and share the prefixes of their blocks", async () => {
    const { text, turns } = await openTrace("mooncake", EXAMPLE, { hash_id_block_size: 4 });
    const [a = "", b = "", c = "", d = "", e = ""] = EXAMPLE.map((_, index) => text(index));
    expect([a, b, c, d, e].map((prompt) => encode(prompt).length)).toEqual([8, 10, 6, 12, 5]);
    expect(turns(3)[0]?.columns).toMatchObject({
      prompt_tokens_count_column: [12],
      output_tokens_count_column: [5],
    });
    expect([shared(a, b), shared(a, c), shared(c, d), shared(a, d), shared(a, e)]).toEqual([8, 4, 6, 4, 5]);
  });

  test("the rows of the published traces: milliseconds, blocks of 512", async () => {
    const rows = [
      line(27482, 6955, [46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 2353, 2354], { output_length: 52 }),
      line(30535, 6472, [46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 2366], { output_length: 26 }),
    ];
    const { text, turns } = await openTrace("mooncake", rows, { time_scale: 0.001 });
    expect(rows.map((_, index) => encode(text(index)).length)).toEqual([6955, 6472]);
    expect(shared(text(0), text(1))).toBe(12 * 512);
    expect(turns(1)[0]?.settings.relative_timestamp).toBeCloseTo(3.053, 9);
    expect(turns(1)[0]?.columns["output_tokens_count_column"]).toEqual([26]);
  });

  test("a prompt depends on its row and epoch alone; copies and epochs share nothing", async () => {
    const args = { hash_id_block_size: 4, copies: 2 };
    const { source, text } = await openTrace("mooncake", EXAMPLE, args);
    const again = await openTrace("mooncake", EXAMPLE, args);
    expect(source.rowCount).toBe(10);
    for (const index of [9, 3, 0]) expect(again.text(index)).toBe(text(index));
    expect(shared(text(5), text(6))).toBe(8);
    expect([shared(text(0), text(5)), shared(text(0), text(0, 1))].every((tokens) => tokens < 4)).toBe(true);
  });

  test("blocks of one token differ as long as there are words", async () => {
    const rows = Array.from({ length: 300 }, (_, id) => line(id, 1, [id]));
    const { text } = await openTrace("mooncake", rows, { hash_id_block_size: 1 });
    expect(new Set(rows.map((_, index) => text(index))).size).toBe(300);
  });

  test("identifiers may be of any size, or text, or JSON text of a list", async () => {
    const rows = [line(0, 4, [2 ** 52, "f00"]), line(1, 4, [2 ** 52, "ba4"]), line(2, 2, []), line(3, 4, [1, 2])];
    const given = rows.map((row, at) => (at === 3 ? { ...row, hash_ids: `[${2 ** 52}, "f00"]` } : row));
    const { source, text } = await openTrace("mooncake", given, { hash_id_block_size: 2 });
    expect(shared(text(0), text(1))).toBe(2);
    expect(text(2)).toBe(text(0));
    expect(() => source.row(3, 0)).toThrow("line 3 of the trace: 2 tokens in blocks of 2 need 1 hash_ids, got 0");
  });

  test.each([
    [line(0, 4, [-1]), "whole numbers >= 0 or text, got -1"],
    [line(0, 4, [1.5]), "whole numbers >= 0 or text, got 1.5"],
    [line(0, 5, [1]), "5 tokens in blocks of 4 need 2 hash_ids, got 1"],
    [line(0, 0, [1]), "need 0 hash_ids, got 1"],
    [{ ...line(0, 4, []), hash_ids: 7 }, "must be a list of identifiers, got 7"],
  ])("a row that cannot be is skipped, and the others stay: %j", async (bad, message) => {
    const { source, turns } = await openTrace("mooncake", [bad, line(9, 4, [1])], { hash_id_block_size: 4 });
    expect(turns(0)[0]?.settings.relative_timestamp).toBe(0);
    expect(() => source.row(1, 0)).toThrow(message);
  });

  test("a column of classes names the traffic of each row", async () => {
    const rows = [line(0, 4, [1], { class: "chat" }), line(1, 4, [1])];
    const { source, turns } = await openTrace("mooncake", rows, { hash_id_block_size: 4 });
    expect(source.classes).toEqual(["chat"]);
    expect([0, 1].map((index) => turns(index)[0]?.columns["class_column"])).toEqual([["chat"], undefined]);
  });

  test("what a trace cannot have is refused before it begins", async () => {
    await expect(openTrace("mooncake", [{ timestamp: 1, input_length: 2 }])).rejects.toThrow(
      "has no column output_length, hash_ids",
    );
    await expect(openTrace("mooncake", EXAMPLE, { conversation_id_column: "id" })).rejects.toMatchObject({
      code: "CORE_DATA_NOT_BUILT",
    });
  });
});

import { createTokenizer } from "@core/tokenizer";
import { describe, expect, test } from "@jest/globals";
import { type ConversationGraph, DataPipeline, type DataPlan } from "../src/index.js";
import { planOf } from "./support/data-plan.js";
import { writeFile } from "./support/temporary-folder.js";

const SYNTHETIC = { kind: "synthetic_text", prompt_tokens: 24 };

const jsonLines = (rows: readonly unknown[]) => ({
  kind: "json_file",
  path: writeFile(".jsonl", rows.map((row) => JSON.stringify(row)).join("\n")),
});
const numbered = (count: number) => jsonLines(Array.from({ length: count }, (_, at) => ({ prompt: `p${at}` })));

function textOf(graph: ConversationGraph): string {
  return graph.nodes.map(({ request }) => (request.columns["text_column"] ?? []).join("+")).join("|");
}

/** Texts of the first conversations of an epoch, whose numbers are checked to have no gaps. */
function texts(pipeline: DataPipeline, epoch = 0, most = Number.POSITIVE_INFINITY): string[] {
  const result: string[] = [];
  for (const { index, graph } of pipeline.open(epoch)) {
    expect(index).toBe(result.length);
    result.push(textOf(graph));
    if (result.length === most) break;
  }
  return result;
}

const run = async (plan: DataPlan, epoch = 0, most?: number) => texts(await DataPipeline.create(plan), epoch, most);

describe("one source", () => {
  test("rows of a file become conversations, the same in every epoch", async () => {
    const pipeline = await DataPipeline.create(
      planOf([jsonLines([{ question: "a", system: "s", output_tokens_count: 3 }, { question: "b" }])]),
    );
    const graphs = [...pipeline.open(0)];
    expect(graphs.map(({ graph }) => graph.graphId)).toEqual(["0-0", "0-1"]);
    expect(graphs[0]?.graph.nodes[0]?.request).toMatchObject({
      requestId: "0-0-0",
      columns: { text_column: ["a"], prefix_column: ["s"] },
      outputMetrics: { text_tokens: 3 },
    });
    expect(texts(pipeline, 1)).toEqual(["a", "b"]);
    expect(structuredClone(graphs)).toEqual(graphs); // crosses threads
  });

  test("a CSV file: text to numbers, empty cells to nothing", async () => {
    const path = writeFile(".csv", 'prompt_0,prompt_1,output_tokens_count\n"a, b",,16\nc,d,\n');
    const pipeline = await DataPipeline.create(planOf([{ kind: "csv_file", path }]));
    const [first, second] = [...pipeline.open(0)].map(({ graph }) => graph);
    expect(first?.nodes.map(({ request }) => request.columns["text_column"])).toEqual([["a, b"]]);
    expect(first?.nodes[0]?.request.outputMetrics.text_tokens).toBe(16);
    expect(second?.nodes.map(({ request }) => request.outputMetrics.text_tokens)).toEqual([null, null]);
  });

  test("a text file", async () => {
    expect(await run(planOf([{ kind: "text_file", path: writeFile(".txt", "one\n\ntwo\n") }]))).toEqual(["one", "two"]);
  });

  test("generated prompts never end and differ between epochs and seeds", async () => {
    const plan = planOf([SYNTHETIC]);
    const first = await run(plan, 0, 200);
    expect(first).toHaveLength(200);
    expect(await run(plan, 0, 200)).toEqual(first);
    const others = [await run(plan, 1, 200), await run(planOf([SYNTHETIC], { seed: 1 }), 0, 200)];
    expect(new Set([...first, ...others.flat()]).size).toBe(600);
  });

  test("explicit mappings reach the mapper", async () => {
    const mapper = { column_mappings: { text_column: "body" } };
    expect(await run(planOf([jsonLines([{ body: "b", prompt: "p" }])], { mapper }))).toEqual(["b"]);
    await expect(DataPipeline.create(planOf([jsonLines([{ prompt: "p" }])], { mapper }))).rejects.toMatchObject({
      code: "CORE_DATA_NO_COLUMNS",
      message: expect.stringMatching(/"body" \(text_column\): .* has prompt\./) as unknown as string,
    });
  });
});

describe("several sources", () => {
  test("generated prompts with recorded output lengths; the shorter one ends the data", async () => {
    const lengths = jsonLines([{ output_tokens_count: 5 }, { output_tokens_count: 9 }]);
    const pipeline = await DataPipeline.create(planOf([SYNTHETIC, lengths]));
    const requests = [...pipeline.open(0)].map(({ graph }) => graph.nodes[0]?.request);
    expect(requests.map((request) => request?.outputMetrics.text_tokens)).toEqual([5, 9]);
    expect(requests.map((request) => request?.inputMetrics.text_tokens)).toEqual([24, 24]);
  });

  test("two generated ones are sent together, and differ", async () => {
    const tokenizer = await createTokenizer({ kind: "builtin" });
    const pipeline = await DataPipeline.create(planOf([SYNTHETIC, { ...SYNTHETIC, prompt_tokens: 10 }]));
    const [item] = pipeline.open(0);
    const request = item?.graph.nodes[0]?.request;
    const parts = (request?.columns["text_column"] ?? []).map(String);
    expect(parts.map((part) => tokenizer.count(part))).toEqual([24, 10]);
    expect(request?.inputMetrics.text_tokens).toBe(34);
    expect(parts[0]?.slice(0, 10)).not.toBe(parts[1]?.slice(0, 10));
  });

  test("adding one does not change those before it", async () => {
    const alone = await run(planOf([SYNTHETIC]), 0, 5);
    const together = await run(planOf([SYNTHETIC, SYNTHETIC]), 0, 5);
    expect(together.map((text) => text.split("+")[0])).toEqual(alone);
  });
});

describe("the loader", () => {
  test("samples limits every epoch to the same conversations", async () => {
    const pipeline = await DataPipeline.create(planOf([SYNTHETIC], { loader: { samples: 3 } }));
    expect(texts(pipeline, 0)).toHaveLength(3);
    expect(texts(pipeline, 4)).toEqual(texts(pipeline, 0));
    expect(await run(planOf([numbered(5)], { loader: { samples: 2 } }))).toEqual(["p0", "p1"]);
    expect(await run(planOf([numbered(5)], { loader: { samples: 0 } }))).toHaveLength(5);
  });

  test("more samples than rows are an error that tells both", async () => {
    await expect(DataPipeline.create(planOf([numbered(5)], { loader: { samples: 6 } }))).rejects.toMatchObject({
      code: "CORE_DATA_TOO_FEW",
      message: expect.stringMatching(/6 samples.*5 rows/) as unknown as string,
    });
  });

  test("shuffle reads a file in an order that seed and epoch decide", async () => {
    const plan = planOf([numbered(30)], { loader: { shuffle: true } });
    const first = await run(plan);
    expect(first).not.toEqual(await run(planOf([numbered(30)])));
    expect([...first].sort()).toEqual((await run(planOf([numbered(30)]))).sort());
    expect(await run(plan)).toEqual(first);
    expect(await run(plan, 1)).not.toEqual(first);
    expect(await run(planOf([numbered(30)], { seed: 1, loader: { shuffle: true } }))).not.toEqual(first);
    const some = await run(planOf([numbered(30)], { loader: { shuffle: true, samples: 4 } }));
    expect(some).toEqual(first.slice(0, 4));
  });

  test("shuffle leaves generated prompts as they are", async () => {
    expect(await run(planOf([SYNTHETIC], { loader: { shuffle: true } }), 0, 5)).toEqual(
      await run(planOf([SYNTHETIC]), 0, 5),
    );
  });
});

describe("rows that cannot be used", () => {
  const bad = { prompt: ["no text"] };

  test("are skipped and counted, the numbers have no gaps", async () => {
    const rows = [{ prompt: "a" }, bad, { prompt: "b" }, { prompt: null }, bad, { prompt: "c" }];
    const pipeline = await DataPipeline.create(planOf([jsonLines(rows)]));
    expect(texts(pipeline)).toEqual(["a", "b", "c"]);
    expect(pipeline.skippedRows).toBe(3);
    texts(pipeline, 1);
    expect(pipeline.skippedRows).toBe(6);
  });

  test("end the run when there are a hundred one after another", async () => {
    const rows = (count: number) => [{ prompt: "a" }, ...Array.from({ length: count }, () => bad), { prompt: "b" }];
    expect(await run(planOf([jsonLines(rows(99))]))).toEqual(["a", "b"]);
    const pipeline = await DataPipeline.create(planOf([jsonLines(rows(100))]));
    expect(() => texts(pipeline)).toThrow(
      expect.objectContaining({
        code: "CORE_DATA_TOO_MANY_BAD_ROWS",
        message: expect.stringContaining('text_column must hold text, got ["no text"]'),
      }),
    );
  });

  test("are an error when nothing else is left", async () => {
    const pipeline = await DataPipeline.create(planOf([jsonLines([bad, bad])]));
    expect(() => texts(pipeline)).toThrow(
      expect.objectContaining({ code: "CORE_DATA_EMPTY", message: expect.stringContaining("text_column must hold") }),
    );
  });
});

describe("data that cannot be opened", () => {
  test("a source without rows is named", async () => {
    const path = writeFile(".csv", "prompt\n");
    await expect(DataPipeline.create(planOf([{ kind: "csv_file", path }]))).rejects.toMatchObject({
      code: "CORE_DATA_EMPTY",
      message: expect.stringContaining(path) as unknown as string,
    });
  });

  test("the tokenizer is loaded only when a source asks for it", async () => {
    const broken = { ...planOf([numbered(1)]), tokenizer: { kind: "huggingface_auto", model: "/does/not/exist" } };
    expect(await run(broken)).toEqual(["p0"]);
    await expect(run({ ...broken, data: planOf([SYNTHETIC]).data }, 0, 1)).rejects.toMatchObject({
      code: expect.stringMatching(/^CORE_TOKENIZER_/) as unknown as string,
    });
  });
});

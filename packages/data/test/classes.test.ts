import { expect, test } from "@jest/globals";
import { DataPipeline } from "../src/index.js";
import { planOf } from "./support/data-plan.js";
import { writeFile } from "./support/temporary-folder.js";

const jsonLines = (rows: readonly unknown[]) => ({
  kind: "json_file",
  path: writeFile(".jsonl", rows.map((row) => JSON.stringify(row)).join("\n")),
});
const SYNTHETIC = { kind: "synthetic_text", prompt_tokens: 8, turns: 2 };

/** Classes of the turns of each conversation of an epoch. */
function classes(pipeline: DataPipeline, epoch = 0): (string | null)[][] {
  return [...pipeline.open(epoch)].map(({ graph }) =>
    graph.nodes.map(({ classId }) => pipeline.classNames[classId ?? Number.NaN] ?? null),
  );
}

test("a column names the class of each conversation, which keeps its number in every epoch", async () => {
  const rows = [
    { prompt_0: "a", prompt_1: "b", class: "chat" },
    { prompt_0: "c", class: "batch" },
    { prompt_0: "d", class: " chat " },
    { prompt_0: "e", class: "" },
    { prompt_0: "f", class: 3 },
  ];
  const pipeline = await DataPipeline.create(planOf([jsonLines(rows)]));
  expect(pipeline.knownClasses()).toEqual(["chat", "batch", "3"]);
  const expected = [["chat", "chat"], ["batch"], ["chat"], [null], ["3"]];
  expect(classes(pipeline)).toEqual(expected);
  expect(classes(pipeline, 1)).toEqual(expected);
  expect(pipeline.classNames).toEqual(["chat", "batch", "3"]);
});

test("the class is not sent to the server", async () => {
  const pipeline = await DataPipeline.create(planOf([jsonLines([{ prompt: "a", class: "chat" }])]));
  expect([...pipeline.open(0)][0]?.graph.nodes[0]?.request.columns).toEqual({ text_column: ["a"] });
});

test("a later turn may be of a class of its own", async () => {
  const rows = [{ prompt_0: "a", prompt_1: "b", prompt_2: "c", class_0: "chat", class_1: "tool" }];
  const pipeline = await DataPipeline.create(planOf([jsonLines(rows)]));
  expect(classes(pipeline)).toEqual([["chat", "tool", "chat"]]);
});

test("a column beside generated conversations names their classes", async () => {
  const pipeline = await DataPipeline.create(planOf([SYNTHETIC, jsonLines([{ class: "chat" }, { class: "batch" }])]));
  expect(pipeline.knownClasses()).toEqual(["chat", "batch"]);
  expect(classes(pipeline)).toEqual([
    ["chat", "chat"],
    ["batch", "batch"],
  ]);
});

test("whole conversations name the classes of their turns, which only they tell", async () => {
  const turn = (node_id: string, more: object) => ({ node_id, columns: { text_column: "x", ...more } });
  const conversation_turns = { turns: [turn("a", { class_column: "root" }), turn("b", { class_column: "branch" })] };
  const pipeline = await DataPipeline.create(planOf([jsonLines([{ conversation_turns }])]));
  expect(pipeline.knownClasses()).toBeNull();
  expect(classes(pipeline)).toEqual([["root", "branch"]]);
});

test("data without a class is known to have none", async () => {
  const pipeline = await DataPipeline.create(planOf([SYNTHETIC]));
  expect(pipeline.knownClasses()).toEqual([]);
});

test("a cell that names nothing is no class and no bad row", async () => {
  const pipeline = await DataPipeline.create(planOf([jsonLines([{ prompt: "a", classes: ["x", "y"] }])]));
  expect(classes(pipeline)).toEqual([[null]]);
  expect(pipeline.skippedRows).toBe(0);
});

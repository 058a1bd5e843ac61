import { describe, expect, test } from "@jest/globals";
import { type DataRow, type DataSource, dataSources } from "../src/index.js";
import { temporaryFolder, writeFile } from "./support/temporary-folder.js";

function open(kind: string, path: string, load_kwargs: Record<string, unknown> = {}): Promise<DataSource> {
  const tokenizer = () => Promise.reject(new Error("files need no tokenizer"));
  return dataSources.create(dataSources.parseArgs({ kind, path, load_kwargs }), {
    seed: 42,
    sourceIndex: 0,
    tokenizer,
  });
}

async function rows(kind: string, path: string, load_kwargs: Record<string, unknown> = {}): Promise<DataRow[]> {
  const source = await open(kind, path, load_kwargs);
  return Array.from({ length: source.rowCount ?? 0 }, (_, index) => source.row(index, 0));
}

const refuses = async (opening: Promise<unknown>, code: string, ...parts: string[]): Promise<void> => {
  const error = await opening.then(
    () => null,
    (reason: unknown) => reason as { code: string; message: string },
  );
  expect(error?.code).toBe(code);
  for (const part of parts) expect(error?.message).toContain(part);
};

const ROWS = [
  { prompt: "List two uses of copper", output_tokens_count: 20 },
  { prompt: "Why is the sky blue?", system_prompt: "Be brief." },
];

describe("json_file", () => {
  test.each([
    ["an array", ".json", JSON.stringify(ROWS)],
    ["an indented array", ".json", JSON.stringify(ROWS, null, 2)],
    ["JSON Lines", ".jsonl", ROWS.map((row) => JSON.stringify(row)).join("\n")],
    [
      "JSON Lines with blank lines and carriage returns",
      ".jsonl",
      `\r\n${ROWS.map((row) => JSON.stringify(row)).join("\r\n\r\n")}\r\n`,
    ],
    ["JSON Lines named .json", ".json", ROWS.map((row) => JSON.stringify(row)).join("\n")],
    ["an array named .jsonl", ".jsonl", JSON.stringify(ROWS)],
    ["an object with a list", ".json", JSON.stringify({ version: 1, data: ROWS })],
    ["a byte order mark", ".JSON", `\uFEFF${JSON.stringify(ROWS)}`],
  ])("reads %s", async (_name, suffix, text) => {
    const path = writeFile(suffix, text);
    expect(await rows("json_file", path)).toEqual(ROWS);
    expect(await open("json_file", path)).toMatchObject({
      name: path,
      columns: ["prompt", "output_tokens_count", "system_prompt"],
      rowCount: 2,
    });
  });

  test("reads columns", async () => {
    const path = writeFile(".json", JSON.stringify({ prompt: ["a", "b"], output_tokens_count: [1, 2] }));
    expect(await rows("json_file", path)).toEqual([
      { prompt: "a", output_tokens_count: 1 },
      { prompt: "b", output_tokens_count: 2 },
    ]);
  });

  test("a single line of JSON Lines is a row, lists in it are cells", async () => {
    const row = { prompt: "a", messages: [{ role: "user" }] };
    expect(await rows("json_file", writeFile(".jsonl", JSON.stringify(row)))).toEqual([row]);
  });

  test("a single object is a row", async () => {
    expect(await rows("json_file", writeFile(".json", '{"prompt": "a"}'))).toEqual([{ prompt: "a" }]);
  });

  test("load_kwargs.field selects a table inside, split is accepted", async () => {
    const text = JSON.stringify({ meta: [{ no: 1 }], data: { train: ROWS } }, null, 1);
    const options = { field: "data.train", split: "train" };
    expect(await rows("json_file", writeFile(".json", text), options)).toEqual(ROWS);
    expect(await rows("json_file", writeFile(".jsonl", text.replaceAll("\n", "")), options)).toEqual(ROWS);
    await refuses(
      open("json_file", writeFile(".json", text), { field: "data.test" }),
      "CORE_DATA_FILE_INVALID",
      '"data.test"',
    );
    await refuses(
      open("json_file", writeFile(".json", text), { field: 5 }),
      "CORE_DATA_NOT_BUILT",
      "load_kwargs.field",
      "5",
    );
    await refuses(
      open("json_file", writeFile(".json", text), { streaming: true }),
      "CORE_DATA_NOT_BUILT",
      "load_kwargs.streaming",
    );
  });

  test.each([
    ["a broken line", ".jsonl", '{"prompt":"a"}\n\n{"prompt":\n{"prompt":"c"}', "line 3"],
    ["a broken first line", ".jsonl", '{"prompt"\n{"prompt":"c"}', "line 1"],
    ["a broken later line of a .json file", ".json", '{"prompt":"a"}\n{"prompt":b}', "line 2"],
    ["a line that is no object", ".jsonl", '{"prompt":"a"}\n[1]', "line 2: it is not an object"],
    ["a broken array", ".json", '[\n {"prompt": "a"},\n {"prompt": "b" "c"}\n]', "line 3"],
    ["a word in an array", ".json", '[{"prompt": b}]', "'b'"],
    ["an array of texts", ".json", '["a"]', "row 1 is not an object"],
    ["a number", ".json", "5", "neither objects nor columns"],
    ["columns of different lengths", ".json", '{"a": [1, 2], "b": [1]}', "not arrays of one length"],
    ["columns beside other things", ".json", '{"a": [1, 2], "b": 1}', "load_kwargs.field"],
  ])("refuses %s, naming path and place", async (_name, suffix, text, place) => {
    const path = writeFile(suffix, text);
    await refuses(open("json_file", path), "CORE_DATA_FILE_INVALID", path, place);
  });
});

describe("csv_file", () => {
  test("reads quotes, delimiters and line breaks inside cells, a byte order mark and carriage returns", async () => {
    const text = '\uFEFFprompt, output_tokens_count,topic\r\n"Say ""hi"", then\r\ngo",24,\r\n\r\nPlain,010,a;b\r\n';
    expect(await rows("csv_file", writeFile(".csv", text))).toEqual([
      { prompt: 'Say "hi", then\r\ngo', output_tokens_count: "24", topic: "" },
      { prompt: "Plain", output_tokens_count: "010", topic: "a;b" },
    ]);
  });

  test("reads other delimiters, a tab also as an escape", async () => {
    const expected = [{ prompt: "a,b", topic: "c" }];
    expect(await rows("csv_file", writeFile(".csv", "prompt;topic\na,b;c\n"), { delimiter: ";" })).toEqual(expected);
    expect(await rows("csv_file", writeFile(".csv", "prompt\ttopic\na,b\tc"), { delimiter: "\t" })).toEqual(expected);
    expect(await rows("csv_file", writeFile(".csv", "prompt\ttopic\na,b\tc"), { delimiter: "\\t" })).toEqual(expected);
    await refuses(open("csv_file", writeFile(".csv", "a\n"), { delimiter: "" }), "CORE_DATA_NOT_BUILT", "delimiter");
    await refuses(open("csv_file", writeFile(".csv", "a\n"), { sep: ";" }), "CORE_DATA_NOT_BUILT", "load_kwargs.sep");
  });

  test.each([
    ["a row that is too long", "a,b\n1,2\n1,2,3\n", "line 3"],
    ["a quote that never closes", 'a,b\n1,"2\n3,4\n', "opening quote at line 3"],
    ["a column that stands twice", "a,b,a\n1,2,3\n", 'the column "a" stands twice in line 1'],
  ])("refuses %s, naming path and line", async (_name, text, place) => {
    const path = writeFile(".csv", text);
    await refuses(open("csv_file", path), "CORE_DATA_FILE_INVALID", path, place);
  });
});

describe("text_file", () => {
  test("every line that is not blank is a prompt, without its end", async () => {
    const path = writeFile(".txt", "\uFEFFName three rivers.\r\n\n  \nExplain tides, briefly\n");
    expect(await rows("text_file", path)).toEqual([{ text: "Name three rivers." }, { text: "Explain tides, briefly" }]);
    expect((await open("text_file", writeFile(".TEXT", "a"))).columns).toEqual(["text"]);
  });

  test("has no reader options", async () => {
    const path = writeFile(".txt", "a");
    expect(await rows("text_file", path, { split: "train" })).toHaveLength(1);
    await refuses(open("text_file", path, { encoding: "latin1" }), "CORE_DATA_NOT_BUILT", "load_kwargs.encoding");
  });
});

describe.each([
  ["json_file", ".json"],
  ["csv_file", ".csv"],
  ["text_file", ".txt"],
])("%s", (kind, suffix) => {
  test("a file that is missing, a folder or has another suffix is refused", async () => {
    const missing = `${temporaryFolder}/missing${suffix}`;
    await refuses(open(kind, missing), "CORE_DATA_FILE_NOT_FOUND", `"${missing}" does not exist`);
    const other = writeFile(".parquet", "x");
    await refuses(open(kind, other), "CORE_DATA_FILE_NOT_FOUND", kind, suffix, other);
    await refuses(open(kind, temporaryFolder), "CORE_DATA_FILE_NOT_FOUND", temporaryFolder);
  });

  test("an empty file holds no rows", async () => {
    expect((await open(kind, writeFile(suffix, ""))).rowCount).toBe(0);
    expect((await open(kind, writeFile(suffix, "\n\n"))).rowCount).toBe(0);
  });
});

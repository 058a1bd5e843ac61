import { describe, expect, test } from "@jest/globals";
import "../register.js";
import { createTableSource } from "../file/table-source.js";
import { columnMappers } from "../pipeline-registries.js";
import type { DataRow } from "../source/data-source.js";
import type { ColumnMapper, MappedTurn } from "./column-mapper.js";
import { DEFAULT_COLUMN_NAMES } from "./column-names.js";

type Mappings = Readonly<Record<string, string | readonly string[]>>;

/** A mapper for one source per row; the columns are those of the rows. */
function mapperOf(rows: readonly DataRow[], column_mappings: Mappings | null = null): ColumnMapper {
  const args = columnMappers.parseArgs({ kind: "generative_column_mapper", column_mappings });
  const sources = rows.map((row, at) => createTableSource(`data/part-${at}.csv`, [row]));
  return columnMappers.create(args, undefined)(sources);
}

function map(rows: readonly DataRow[], mappings: Mappings | null = null): readonly MappedTurn[] {
  return mapperOf(rows, mappings).map(rows);
}

describe("default names", () => {
  test.each(
    Object.entries(DEFAULT_COLUMN_NAMES).flatMap(([columnType, names]) => names.map((name) => [name, columnType])),
  )("%s is a %s", (name, columnType) => {
    const beside = columnType === "text_column" ? {} : { prompt: "p" };
    for (const column of [name, name.toUpperCase(), `${name}s`, `${name}es`]) {
      expect(map([{ [column]: "x", ...beside }])[0]).toHaveProperty(columnType, ["x"]);
    }
  });

  test("nothing may stand before or after a name", () => {
    for (const column of ["image_url", "my_image", "output_tokens_0", "image_1_2", "imagess"]) {
      expect(map([{ prompt: "p", [column]: "x" }])).toEqual([{ text_column: ["p"] }]);
    }
  });

  test("the first column of the data decides, not the first name of the list", () => {
    expect(map([{ text: "t", prompt: "p" }])).toEqual([{ text_column: ["t"] }]);
    expect(map([{ question: "q", context: "c" }])).toEqual([{ text_column: ["q"] }]);
  });

  test("the turn type has no default name", () => {
    expect(map([{ prompt: "p", turn_type: "standard" }])).toEqual([{ text_column: ["p"] }]);
  });
});

describe("turns", () => {
  test("numbers are turns, a column without one has its place among the matches", () => {
    expect(map([{ prompt: "a", prompts: "b", PROMPT_3: "d" }])).toEqual([
      { text_column: ["a"] },
      { text_column: ["b"] },
      { text_column: ["d"] },
    ]);
  });

  test("are put in order and gaps are closed", () => {
    expect(map([{ "prompt-7": "late", prompt2: "early" }])).toEqual([
      { text_column: ["early"] },
      { text_column: ["late"] },
    ]);
  });

  test("two columns of one turn both count", () => {
    expect(map([{ prompt_01: "a", prompt_1: "b" }])).toEqual([{ text_column: ["a", "b"] }]);
  });

  test("what has no number belongs to the first turn there is", () => {
    const row = { prefix: "s", output_tokens_count: 5, prompt_1: "a", prompt_2: "b" };
    expect(map([row])).toEqual([
      { text_column: ["a"], prefix_column: ["s"], output_tokens_count_column: [5] },
      { text_column: ["b"] },
    ]);
  });

  test("empty cells are dropped, also those of a whole turn", () => {
    const columns = { prompt_0: "a", prompt_1: null, prompt_2: "", tools: null, prefix: undefined };
    expect(map([columns])).toEqual([{ text_column: ["a"] }]);
    expect(mapperOf([columns]).map([{ prompt_0: "a", prompt_2: "c" }])).toHaveLength(2);
    expect(map([{ prompt: "", output_tokens_count: 0 }])).toEqual([{ output_tokens_count_column: [0] }]);
  });
});

describe("several sources", () => {
  test("append their values in their order", () => {
    expect(
      map([
        { prompt: "a", output_tokens_count: 1 },
        { text: "b", output_tokens_count: 2 },
      ]),
    ).toEqual([{ text_column: ["a", "b"], output_tokens_count_column: [1, 2] }]);
  });

  test("a name may be restricted to one, by number or by its own name, dots included", () => {
    const rows = [
      { prompt: "p0", a: 1 },
      { prompt: "p1", image: "i" },
    ];
    expect(map(rows, { text_column: "0.prompt", image_column: ["data/part-1.csv.image"] })).toEqual([
      { text_column: ["p0"], image_column: ["i"] },
    ]);
    expect(map(rows, { text_column: ["1.prompt"] })).toEqual([{ text_column: ["p1"] }]);
  });

  test("a column with a dot needs the number in front", () => {
    expect(map([{ "a.b": "x" }], { text_column: "0.a.b" })).toEqual([{ text_column: ["x"] }]);
    expect(() => map([{ "a.b": "x" }], { text_column: "a.b" })).toThrow('No column of the data is "a.b"');
  });
});

describe("explicit mappings", () => {
  test("replace all defaults", () => {
    const row = { body: "b", prompt: "p", output_tokens_count: 5 };
    expect(map([row], { text_column: "BODY" })).toEqual([{ text_column: ["b"] }]);
    expect(map([row], { text_column: ["nope", "body"], output_tokens_count_column: "output_tokens_count" })).toEqual([
      { text_column: ["b"], output_tokens_count_column: [5] },
    ]);
  });

  test.each([
    [{ text_column: "question" }, 'No column of the data is "question"', "text_column"],
    [{ text_column: ["prompt"], prefix_column: ["a", "b"] }, 'No column of the data is "a" or "b"', "prefix_column"],
  ])("a name that no source has is an error that lists the columns: %j", (mappings, message, columnType) => {
    expect(() => mapperOf([{ prompt: "p", topic: "t" }, { id: 1 }], mappings)).toThrow(
      expect.objectContaining({
        code: "CORE_DATA_NO_COLUMNS",
        message: `${message} (${columnType}): data/part-0.csv has prompt, topic; data/part-1.csv has id.`,
        hint: `Name it with --data-column-mapper kind=generative_column_mapper,column_mappings.${columnType}=NAME.`,
      }),
    );
  });

  test.each([
    [
      { "1.audio_column": "speech" },
      "column_mappings: must have column types as keys, for example text_column (at 1.a",
    ],
    [{ text: "prompt" }, "must have column types as keys"],
    [{ text_column: 5 }, "must name columns by text (at text_column)"],
    [{ text_column: [] }, "must name columns by text (at text_column)"],
    [["prompt"], "must be a mapping"],
  ])("refuses %j", (column_mappings, message) => {
    expect(() => columnMappers.parseArgs({ kind: "generative_column_mapper", column_mappings })).toThrow(message);
  });
});

test.each([
  [{ id: 1, topic: "t" }, "data/part-0.csv has id, topic."],
  [{ output_tokens_count: 16 }, "data/part-0.csv has output_tokens_count."],
  [{}, "data/part-0.csv has no columns."],
])("data without anything to send is an error that lists the columns: %j", (row, listed) => {
  expect(() => mapperOf([row])).toThrow(
    expect.objectContaining({
      code: "CORE_DATA_NO_COLUMNS",
      message: `No column of the data can be sent: ${listed}`,
    }),
  );
});

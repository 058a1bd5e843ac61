import { describe, expect, test } from "@jest/globals";
import { bodyInput } from "../../../test/support/body-input.js";
import { textRequest } from "../../../test/support/send-request.js";
import { RERANK_FORMAT } from "./rerank-format.js";
import { SCORE_FORMAT } from "./score-format.js";

const QUERY = { query_column: ["when?"], documents_column: [["day", "night"]] };

describe.each([
  ["rerank", RERANK_FORMAT, ["query", "documents"]],
  ["score", SCORE_FORMAT, ["text_1", "text_2"]],
] as const)("%s", (_name, format, [query, documents]) => {
  const bodyOf = (columns: Readonly<Record<string, readonly unknown[]>>, extraBody = {}) =>
    JSON.stringify(format.buildBody(textRequest({ columns }), null, bodyInput({ extraBody })));
  const expected = `{"model":"tiny","${query}":"when?","${documents}":["day","night"]}`;

  test.each([
    ["columns of their own", QUERY],
    ["several cells", { query_column: ["when?"], documents_column: ["day", ["night"]] }],
    ["a query and texts", { query_column: ["when?"], text_column: ["day", "night"] }],
    ["a prefix and texts", { prefix_column: ["when?"], text_column: ["day", "night"] }],
    ["texts alone", { text_column: ["when?", "day", "night"] }],
  ])("body from %s", (_from, columns) => {
    expect(bodyOf(columns)).toBe(expected);
  });

  test("extras are merged last", () => {
    expect(JSON.parse(bodyOf(QUERY, { model: "other", truncate_prompt_tokens: 5 }))).toEqual({
      ...JSON.parse(expected),
      model: "other",
      truncate_prompt_tokens: 5,
    });
  });

  test.each([[{}], [{ text_column: ["alone"] }], [{ query_column: ["alone"] }]])("%j is refused", (columns) => {
    expect(() => bodyOf(columns)).toThrow(`The request has nothing for "${documents}"`);
  });
});

test("as many results as documents, or the best top_n of them", () => {
  const counts = [{}, { top_n: 0 }, { top_n: 1 }, { top_n: 9 }].map((extra) => {
    const reader = RERANK_FORMAT.createReader({ query: "q", documents: ["a", "b", "c"], ...extra });
    reader.readBody({ results: [{}] });
    return [reader.isUsable, reader.shortfall];
  });
  expect(counts).toEqual([
    [false, "1 results in place of 3"],
    [false, "1 results in place of 3"],
    [true, "1 results in place of 1"],
    [false, "1 results in place of 3"],
  ]);
});

import { describe, expect, test } from "@jest/globals";
import { drawTable, type TextTable } from "./text-table.js";

const TABLE: TextTable = {
  title: "Throughput",
  groups: [
    { title: "", columns: ["Load"] },
    { title: "Requests", columns: ["Per s", "In flight"] },
    { title: "A title that is wider than its columns", columns: ["Input"] },
    { title: "", columns: ["Ended by"] },
  ],
  rows: [
    ["concurrent@1", "14.68", "0.9", "470", "max_requests"],
    ["負荷@2", "--", "10.9", "24.2 ± 2.7*", "all"],
  ],
  footnote: "* a note",
};

describe("drawTable", () => {
  test("text stands to the left, numbers to the right, wide signs take two columns", () => {
    expect(drawTable(TABLE)).toBe(
      [
        "Throughput",
        "              │ Requests         │ A title that is wider than its columns │",
        " Load         │ Per s  In flight │                                  Input │ Ended by",
        "──────────────┼──────────────────┼────────────────────────────────────────┼──────────────",
        " concurrent@1 │ 14.68        0.9 │                                    470 │ max_requests",
        " 負荷@2       │    --       10.9 │                            24.2 ± 2.7* │ all",
        " * a note",
      ].join("\n"),
    );
  });

  test("has no line of titles when no group has one", () => {
    const [title, head, rule] = drawTable({ title: "T", groups: [{ title: "", columns: ["a"] }], rows: [] }).split(
      "\n",
    );
    expect([title, head, rule]).toEqual(["T", " a", "───"]);
  });

  test("titles of several lines stand side by side, each above its columns", () => {
    const groups = [
      { title: "", columns: ["Load"] },
      { title: "two\nlines", columns: ["a", "b"] },
      { title: "one", columns: ["c"] },
    ];
    expect(drawTable({ title: "T", groups, rows: [["負荷", "1", "2", "3"]] })).toBe(
      [
        "T",
        "      │ two   │ one",
        "      │ lines │",
        " Load │ a   b │   c",
        "──────┼───────┼─────",
        " 負荷 │ 1   2 │   3",
      ].join("\n"),
    );
  });
});

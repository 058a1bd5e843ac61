import { describe, expect, test } from "@jest/globals";
import { displayWidth } from "../display-width.js";
import { drawTable, fitTable, type TextTable } from "./text-table.js";

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
});

describe("fitTable", () => {
  const widthOf = (table: TextTable): number => Math.max(...drawTable(table).split("\n").map(displayWidth));

  test("leaves a table that fits as it is", () => {
    expect(fitTable(TABLE, widthOf(TABLE))).toEqual([TABLE]);
    expect(fitTable(TABLE, Number.POSITIVE_INFINITY)).toEqual([TABLE]);
  });

  test("splits between groups and repeats the first one", () => {
    const parts = fitTable(TABLE, 60);
    expect(parts.map(({ title }) => title)).toEqual(
      ["Throughput", "Throughput, continued", "Throughput, continued"].slice(0, parts.length),
    );
    for (const part of parts) expect(widthOf(part)).toBeLessThanOrEqual(60);
    expect(parts.flatMap(({ groups }) => groups.slice(1))).toEqual(TABLE.groups.slice(1));
    expect(parts.map(({ rows }) => rows.map((row) => row[0]))).toEqual(parts.map(() => ["concurrent@1", "負荷@2"]));
    expect(parts.map(({ footnote }) => footnote)).toEqual([...parts.slice(1).map(() => undefined), "* a note"]);
  });

  test("a part holds one group at least, however narrow the terminal is", () => {
    expect(fitTable(TABLE, 10).map(({ groups }) => groups.length)).toEqual([2, 2, 2]);
  });
});

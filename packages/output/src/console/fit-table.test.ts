import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { displayWidth } from "../display-width.js";
import { fitTable } from "./fit-table.js";
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

const widthOf = (table: TextTable): number => Math.max(...drawTable(table).split("\n").map(displayWidth));
const columnsOf = ({ groups }: TextTable): readonly string[] => groups.slice(1).flatMap(({ columns }) => columns);
const cellsOf = ({ rows }: TextTable): readonly (readonly string[])[] => rows.map((row) => row.slice(1));

test.each([[widthOf(TABLE)], [Number.POSITIVE_INFINITY]])("a table that fits %d columns stays as it is", (width) => {
  expect(fitTable(TABLE, width)).toEqual([TABLE]);
});

test("a table of one group stays as it is", () => {
  const table = { title: "T", groups: [{ title: "", columns: ["Load"] }], rows: [["a long label"]] };
  expect(fitTable(table, 4)).toEqual([table]);
});

describe("a table that is too wide", () => {
  test("is split between groups; every part begins with the first one", () => {
    const parts = fitTable(TABLE, 60);
    expect(parts.map(({ title }) => title)).toEqual(["Throughput", "Throughput, continued", "Throughput, continued"]);
    for (const part of parts) expect(widthOf(part)).toBeLessThanOrEqual(60);
    expect(parts.flatMap(({ groups }) => groups.slice(1))).toEqual(TABLE.groups.slice(1));
    expect(parts.map(({ rows }) => rows.map((row) => row[0]))).toEqual(parts.map(() => ["concurrent@1", "負荷@2"]));
    expect(parts.map(({ footnote }) => footnote)).toEqual([undefined, undefined, "* a note"]);
  });

  test("is split inside a group when the group alone does not fit, its title above each piece", () => {
    const wide: TextTable = {
      title: "Latency",
      groups: [
        { title: "", columns: ["Load"] },
        { title: "TTFT, ms", columns: ["mean", "p50", "p95"] },
      ],
      rows: [["a@1", "20.0 ± 1.0", "20.0", "21.0"]],
    };
    const parts = fitTable(wide, 25);
    expect(parts.map(({ groups }) => groups[1])).toEqual([
      { title: "TTFT, ms", columns: ["mean", "p50"] },
      { title: "TTFT, ms", columns: ["p95"] },
    ]);
    expect(parts.flatMap(cellsOf)).toEqual([["20.0 ± 1.0", "20.0"], ["21.0"]]);
  });

  test("breaks a title that is wider than the terminal", () => {
    const part = fitTable(TABLE, 40).find((one) => columnsOf(one).includes("Input"));
    expect(part?.groups[1]?.title).toBe("A title that is wider\nthan its columns");
    expect(part === undefined ? null : widthOf(part)).toBeLessThanOrEqual(40);
  });

  test("goes on with the text of a column below itself", () => {
    const failed: TextTable = {
      title: "Failed requests",
      groups: ["Load", "First message"].map((column) => ({ title: "", columns: [column] })),
      rows: [
        ["a@1", "the server is busy, come back later"],
        ["a@2", "no"],
      ],
    };
    expect(fitTable(failed, 25).map(drawTable)).toEqual([
      [
        "Failed requests",
        " Load │ First message",
        "──────┼─────────────────",
        " a@1  │ the server is",
        "      │ busy, come back",
        "      │ later",
        " a@2  │ no",
      ].join("\n"),
    ]);
  });
});

test("no row is broken, no column is lost, whatever stands in the cells", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "負", "荷", "é", "1"), maxLength: 30 });
  const shape = fc.record({ columns: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }) });
  fc.assert(
    fc.property(shape, fc.infiniteStream(text), fc.integer({ min: 1, max: 3 }), ({ columns }, texts, height) => {
      const next = (): string => texts.next().value ?? "";
      const groups = columns.map((count) => ({ title: next(), columns: Array.from({ length: count }, next) }));
      const all = [{ title: "", columns: ["Load"] }, ...groups];
      const rows = Array.from({ length: height }, (_, row) => [
        `a@${row}`,
        ...groups.flatMap((group) => group.columns.map(next)),
      ]);
      const parts = fitTable({ title: "T", groups: all, rows }, 40);
      expect(parts.flatMap(columnsOf)).toEqual(groups.flatMap((group) => group.columns));
      for (const part of parts) {
        for (const line of drawTable(part).split("\n").slice(1)) expect(displayWidth(line)).toBeLessThanOrEqual(40);
        const labels = part.rows.map((row) => row[0]).filter((label) => label !== "");
        expect(labels).toEqual(rows.map((row) => row[0]));
      }
    }),
  );
});

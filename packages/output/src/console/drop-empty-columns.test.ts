import { expect, test } from "@jest/globals";
import { dropEmptyColumns } from "./drop-empty-columns.js";

const groups = [
  { title: "", columns: ["Load"] },
  { title: "Time", columns: ["mean", "p50"] },
  { title: "Tokens", columns: ["In", "Out"] },
];

test("columns without any value go, and groups without columns", () => {
  const rows = [
    ["a", "--", "--", "1", "--"],
    ["b", "--", "--", "--", "--"],
  ];
  expect(dropEmptyColumns({ title: "T", groups, rows, footnote: "f" })).toEqual({
    title: "T",
    groups: [groups[0], { title: "Tokens", columns: ["In"] }],
    rows: [
      ["a", "1"],
      ["b", "--"],
    ],
    footnote: "f",
  });
});

test("one value keeps its column, a zero is a value", () => {
  const table = {
    title: "T",
    groups,
    rows: [
      ["--", "0", "0.0", "--", "5"],
      ["b", "--", "1", "2", "--"],
    ],
  };
  expect(dropEmptyColumns(table)).toEqual(table);
});

test("a table of labels alone is none", () => {
  expect(dropEmptyColumns({ title: "T", groups, rows: [["a", "--", "--", "--", "--"]] })).toBeNull();
  expect(dropEmptyColumns({ title: "T", groups, rows: [] })).toBeNull();
});

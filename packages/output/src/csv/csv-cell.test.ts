import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { floatText, quoted, timeText } from "./csv-cell.js";

/** Reads one line of RFC 4180. */
function readCells(line: string): readonly string[] {
  const cells = `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,"]*))/g);
  return [...cells].map(([, inQuotes, plain]) => inQuotes?.replaceAll('""', '"') ?? plain ?? "");
}

describe("quoted", () => {
  test.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ["two\nlines", '"two\nlines"'],
    ["-1.5", "-1.5"],
    ["-0.0", "-0.0"],
    ["1e-05", "1e-05"],
    ["", ""],
    ["=1+1", "'=1+1"],
    ["+cmd", "'+cmd"],
    ["@sum", "'@sum"],
    ["-cmd", "'-cmd"],
    ["-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"],
    ["\t=1", "'\t=1"],
  ])("%j", (text, expected) => {
    expect(quoted(text)).toBe(expected);
  });

  test("a line of any cells reads back as those cells, save the mark before formulas", () => {
    const cells = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(cells, (given) => {
        const read = readCells(given.map(quoted).join(","));
        expect(read.map((cell) => cell.replace(/^'(?=[=+@\t\r-])/, ""))).toEqual(
          given.map((cell) => cell.replace(/^'(?=[=+@\t\r-])/, "")),
        );
      }),
    );
  });
});

test.each([
  [1, "1.0"],
  [0, "0.0"],
  [-0, "-0.0"],
  [0.1, "0.1"],
  [1e-5, "1e-05"],
  [1.5e16, "1.5e+16"],
  [1e15, "1000000000000000.0"],
  [null, ""],
  [Number.NaN, ""],
  [Number.POSITIVE_INFINITY, ""],
])("the float %d is %j", (value, text) => {
  expect(floatText(value)).toBe(text);
});

test("any finite float reads back as itself", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
      Object.is(Number(floatText(value)), value),
    ),
  );
});

test.each([null, -1, Number.NaN, 2 ** 40])("%d is no time", (value) => {
  expect(timeText(value)).toBe("N/A");
});

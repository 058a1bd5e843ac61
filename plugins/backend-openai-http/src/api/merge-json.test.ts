import { describe, expect, test } from "@jest/globals";
import { mergeJson, withoutNulls } from "./merge-json.js";

describe("mergeJson", () => {
  test("merges mappings at depth, replaces everything else", () => {
    const base = { a: { b: { c: 1, d: 2 }, e: [1, 2] }, f: 1 };
    expect(mergeJson(base, { a: { b: { c: 3 }, e: [9] }, f: { g: 1 }, h: null })).toEqual({
      a: { b: { c: 3, d: 2 }, e: [9] },
      f: { g: 1 },
      h: null,
    });
    expect(base).toEqual({ a: { b: { c: 1, d: 2 }, e: [1, 2] }, f: 1 });
  });
});

describe("withoutNulls", () => {
  test("drops nulls in mappings at any depth, not in lists; an emptied mapping stays", () => {
    expect(withoutNulls({ a: null, b: { c: null }, d: [null, { e: null }], f: 0 })).toEqual({
      b: {},
      d: [null, { e: null }],
      f: 0,
    });
  });
});

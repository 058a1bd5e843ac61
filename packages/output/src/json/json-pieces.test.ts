import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { jsonPieces } from "./json-pieces.js";

test("the pieces are the JSON of the value", () => {
  const value = fc.anything({ withDate: true, withSparseArray: false });
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 6 }), (given, levels) => {
      expect([...jsonPieces(given, levels)].join("")).toBe(JSON.stringify(given) ?? "null");
    }),
  );
});

test("what masks itself stays masked, what is no number is null", () => {
  const report = { key: { toJSON: () => "***" }, list: [Number.NaN, undefined, Number.POSITIVE_INFINITY] };
  expect([...jsonPieces(report)].join("")).toBe('{"key":"***","list":[null,null,null]}');
});

test("a long list is never one string", () => {
  const benchmarks = [{ requests: { successful: Array.from({ length: 1000 }, (_, at) => ({ at })) } }];
  const longest = Math.max(...[...jsonPieces({ benchmarks })].map((piece) => piece.length));
  expect(longest).toBeLessThan(50);
});

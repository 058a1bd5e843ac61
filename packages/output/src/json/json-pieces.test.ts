import { buildRequestColumns, RECORD_OFFSET, RECORD_STRIDE, RecordTable, toRequestRecords } from "@core/metrics";
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

/** A table of rows whose numbers mean nothing. */
function tableOf(rows: readonly Float64Array[]): RecordTable {
  const all = new Float64Array(rows.flatMap((row) => [...row]));
  const table = new RecordTable();
  table.append({ rows: all.buffer, count: rows.length, gaps: new ArrayBuffer(0), errorCodes: ['E"1'] });
  return table;
}

test("records that are made while they are written are the JSON of their list", () => {
  const number = fc.oneof(fc.constant(Number.NaN), fc.double(), fc.nat(1000));
  const row = fc
    .tuple(fc.array(number, { minLength: RECORD_STRIDE, maxLength: RECORD_STRIDE }), fc.nat(3))
    .map(([numbers, status]) =>
      Float64Array.from(numbers).fill(status, RECORD_OFFSET.status, RECORD_OFFSET.status + 1),
    );
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 0, max: 5 }), (rows, levels) => {
      const table = tableOf(rows);
      const records = toRequestRecords({
        table,
        columns: buildRequestColumns(table),
        texts: [],
        epochWallSeconds: 1_700_000_000.123,
        schedulerStartNs: 5,
      });
      const { successful, errored, incomplete } = records;
      const lists = { successful: [...successful], errored: [...errored], incomplete: [...incomplete], total: null };
      expect([...jsonPieces(records, levels)].join("")).toBe(JSON.stringify(lists));
    }),
    { numRuns: 50 },
  );
});

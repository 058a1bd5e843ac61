import { expect, test } from "@jest/globals";
import { type OpenTruthEntry, TruthLog } from "./truth-log.js";

function entry(ordinal: number): OpenTruthEntry {
  return {
    ...{
      ordinal,
      arrivalNs: ordinal,
      path: "/v1/completions",
      model: "m",
      promptTokens: 1,
      cachedTokens: 0,
      outputTokens: 0,
    },
    ...{ tokenWritesNs: [], completed: false, outcome: "running", endNs: null, admittedNs: null, failure: null },
  };
}

test("keeps the newest entries, shows later changes, gives away copies", () => {
  const log = new TruthLog(2);
  const last = entry(2);
  for (const one of [entry(0), entry(1), last]) log.add(one);
  expect(log.entries().map(({ ordinal }) => ordinal)).toEqual([1, 2]);
  const before = log.entries();
  last.tokenWritesNs.push(9);
  expect(before[1]?.tokenWritesNs).toEqual([]);
  expect(log.entries()[1]?.tokenWritesNs).toEqual([9]);
  expect(JSON.parse([...log.jsonPieces()].join(""))).toEqual(log.entries());
  log.reset();
  expect([...log.jsonPieces()].join("")).toBe("[]");
});

test("a log of size 0 keeps nothing", () => {
  const log = new TruthLog(0);
  log.add(entry(0));
  expect(log.entries()).toEqual([]);
});

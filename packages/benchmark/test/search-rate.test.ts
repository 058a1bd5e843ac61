import { expect, test } from "@jest/globals";
import { type Searched, searchSeeded, TARGET, trueKnee } from "./support/search-harness.js";

/** Highest rate with at most 250 ms to the first token, on a server with continuous batching. */
const SEARCHED: Searched = {
  load: "rate",
  objective: "ttft<=250ms",
  conforms: ({ intended, firstToken }) => firstToken - intended <= 0.25,
  probeSeconds: 30,
};

test("100 searches on a server with continuous batching: at least 95 find the limit within 5 %, none reports a level whose interval does not keep the target", () => {
  const knee = trueKnee(SEARCHED);
  const found = searchSeeded(SEARCHED);
  const near = found.filter(({ highest_passing: level }) => level !== null && Math.abs(level / knee - 1) <= 0.05);
  expect(near.length).toBeGreaterThanOrEqual(95);
  for (const { highest_passing, levels } of found) {
    const reported = levels.find(({ level }) => level === highest_passing);
    expect(reported?.decision).toBe("passed");
    for (const { interval } of reported?.objectives ?? []) expect(interval?.lower).toBeGreaterThanOrEqual(TARGET);
  }
}, 300_000);

import { expect, test } from "@jest/globals";
import { type Searched, searchSeeded, TARGET, trueKnee } from "./support/search-harness.js";

/** Most streams with at most 100 ms between tokens, on a server with continuous batching. */
const SEARCHED: Searched = {
  load: "streams",
  objective: "tpot<=100ms",
  conforms: ({ firstToken, end, outputTokens }) => end - firstToken <= 0.1 * (outputTokens - 1),
  probeSeconds: 20,
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

import { test } from "@jest/globals";
import { expectSearches, type Searched } from "./support/search-harness.js";

/** Most streams with at most 100 ms between tokens, on a server with continuous batching. */
const SEARCHED: Searched = {
  load: "streams",
  objective: "tpot<=100ms",
  conforms: ({ firstToken, end, outputTokens }) => end - firstToken <= 0.1 * (outputTokens - 1),
  probeSeconds: 20,
};

test(
  "100 searches on a server with continuous batching: at least 95 find the limit within 5 %, none reports a level whose interval does not keep the target",
  () => expectSearches(SEARCHED),
  300_000,
);

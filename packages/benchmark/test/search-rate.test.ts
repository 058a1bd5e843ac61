import { test } from "@jest/globals";
import { expectSearches, type Searched } from "./support/search-harness.js";

/** Highest rate with at most 250 ms to the first token, on a server with continuous batching. */
const SEARCHED: Searched = {
  load: "rate",
  objective: "ttft<=250ms",
  conforms: ({ intended, firstToken }) => firstToken - intended <= 0.25,
  probeSeconds: 20,
};

test(
  "100 searches on a server with continuous batching: at least 95 find the limit within 5 %, none reports a level whose interval does not keep the target",
  () => expectSearches(SEARCHED),
  300_000,
);

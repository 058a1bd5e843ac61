import { expect, test } from "@jest/globals";
import { judgeRequest } from "./objectives.js";

const LIMITS = { ttft_ms: 200, tpot_ms: 50, e2el_ms: 3000 };
const NONE = Number.NaN;

test.each([
  [150, 40, 2000, true],
  [200, 50, 3000, true],
  [200.1, 50, 3000, false],
  [NONE, 40, 2000, null],
  [500, NONE, 2000, null],
  [500, 40, NONE, null],
])(
  "first token %d ms, between tokens %d ms, all %d ms: %p (vectors of GuideLLM)",
  (ttft_ms, tpot_ms, e2el_ms, verdict) => {
    expect(judgeRequest(LIMITS, { ttft_ms, tpot_ms, e2el_ms })).toBe(verdict);
  },
);

test("what is no objective need not have a value", () => {
  const values = { ttft_ms: 150, tpot_ms: NONE, e2el_ms: NONE };
  expect(judgeRequest({ ...LIMITS, tpot_ms: null, e2el_ms: null }, values)).toBe(true);
});

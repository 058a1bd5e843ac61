import { describe, expect, test } from "@jest/globals";
import { blockThroughput } from "../src/block-throughput.js";
import { RECORD_STATUS } from "../src/record-layout.js";
import { tableOf } from "./record-fixture.js";

/** Ten tokens, evenly from the first to the last. */
const reply = (firstToken: number, lastToken: number, more: object = {}) => ({
  ...{ send: firstToken - 0.1, firstToken, lastToken, end: lastToken + 0.01, tokenIterations: 10, output: 10 },
  ...more,
});

describe("throughput in parts of the window", () => {
  test("tokens count where they came", () => {
    const table = tableOf([reply(0.05, 0.95), reply(1.55, 1.55, { tokenIterations: 1 })]);
    expect([...blockThroughput(table, { startNs: 0, endNs: 2e9 }, 4)]).toEqual([10, 10, 0, 20]);
  });

  test("those outside the window, and of requests that failed, do not", () => {
    const table = tableOf([reply(0.05, 0.95), reply(1.05, 1.95), reply(1.05, 1.95, { status: RECORD_STATUS.errored })]);
    const rates = blockThroughput(table, { startNs: 0.5e9, endNs: 1.5e9 }, 2);
    expect([...rates]).toEqual([10, 10]);
  });

  test("a window of no length has no rates", () => {
    expect([...blockThroughput(tableOf([reply(0.05, 0.95)]), { startNs: 1e9, endNs: 1e9 }, 2)]).toEqual([NaN, NaN]);
  });
});

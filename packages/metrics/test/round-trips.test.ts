import { describe, expect, test } from "@jest/globals";
import { compileMetrics } from "../src/compile-metrics.js";
import { buildRequestColumns } from "../src/request-columns.js";
import { requestInfo } from "../src/request-info.js";
import { type GivenRequest, tableOf, windowOf } from "./record-fixture.js";

const SENT: GivenRequest = { send: 10, messageTimes: [10, 10.1, 10.2], end: 12 };
const REQUESTS: readonly GivenRequest[] = [
  { ...SENT, tokenTimes: [10.5, 11, 11.7] },
  { ...SENT, tokenTimes: [10.4] },
  SENT, // nothing came back
  { send: 10, tokenTimes: [10.5], end: 12 }, // one request, one message
];

describe("round trips", () => {
  test("of a request count from the last message, and from the mean of all to the mean of the tokens", () => {
    const { values } = buildRequestColumns(tableOf(REQUESTS));
    const rounded = (column: Float64Array) => [...column].map((value) => Math.round(value * 1e3) / 1e3);
    expect(rounded(values.time_to_last_round_trip_ms)).toEqual([1500, 200, Number.NaN, Number.NaN]);
    expect(rounded(values.avg_round_trip_time_ms)).toEqual([966.667, 300, Number.NaN, Number.NaN]);
  });

  test("their sums stand in the record of the request, as epoch seconds", () => {
    const table = tableOf(REQUESTS);
    const timings = [0, 2, 3].map(
      (row) => requestInfo({ table, epochWallSeconds: 1000, schedulerStartNs: 0 }, row, null).timings,
    );
    const zero = { request_sent_count: 0, request_sent_sum: 0, token_received_count: 0, token_received_sum: 0 };
    const sent = { request_sent_count: 3, request_sent_sum: expect.closeTo(3030.3, 6), last_request_sent: 1010.2 };
    expect(timings).toMatchObject([
      { ...sent, token_received_count: 3, token_received_sum: expect.closeTo(3033.2, 6) },
      { ...zero, ...sent },
      { ...zero, last_request_sent: null },
    ]);
  });

  test("are averaged over the requests that have them; in GuideLLM's way the others count as 0", () => {
    const input = {
      table: tableOf(REQUESTS),
      window: windowOf(9, 13),
      strategyType: "concurrent",
      metricsArgs: { confidence: null, slo: null },
    };
    expect(compileMetrics(input).time_to_last_round_trip_ms.successful).toMatchObject({ count: 2, mean: 850 });
    const theirs = compileMetrics({ ...input, conventions: "guidellm" }).time_to_last_round_trip_ms.successful;
    expect(theirs).toMatchObject({ count: 4, mean: 425 });
  });
});

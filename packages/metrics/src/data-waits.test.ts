import { describe, expect, test } from "@jest/globals";
import { type GivenRequest, tableOf } from "../test/record-fixture.js";
import { dataWaitsSeconds } from "./data-waits.js";

const waits = (strategyType: string, requests: readonly GivenRequest[]): number[] =>
  [...dataWaitsSeconds(tableOf(requests), strategyType)].map((seconds) => Math.round(seconds * 1e6) / 1e6);

/** Taken up as soon as it is needed and there. */
const request = (intended: number, queued: number, more: GivenRequest = {}): GivenRequest => {
  return { intended, queued, dequeued: Math.max(intended, queued), ...more };
};

describe("dataWaitsSeconds", () => {
  test("a conversation that was there in time was not waited for, however long it took to make", () => {
    expect(waits("concurrent", [request(1, 0.2), request(2, 1.5), request(3, 3)])).toEqual([0, 0, 0]);
    expect(waits("constant", [request(1, 0.2), request(2, 1.5), request(3, 3)])).toEqual([0, 0, 0]);
  });

  test("streams that wait at the same time wait each for itself", () => {
    expect(waits("concurrent", [request(1, 1.4), request(1, 1.8), request(1, 2.2)])).toEqual([0.4, 0.8, 1.2]);
  });

  test("an open loop waits from the intended start, or from when the request ahead was taken up", () => {
    expect(waits("constant", [request(1, 1.4), request(1.1, 1.8), request(3, 3.5)])).toEqual([0.4, 0.4, 0.5]);
  });

  test("behind the cap nothing waits for the data", () => {
    const capped = [1, 2, 3].map((dequeued, at) => request(0.1 * at, dequeued - 1, { dequeued }));
    expect(waits("poisson", capped)).toEqual([0, 0, 0]);
  });

  test("only the first request of a conversation takes from the data", () => {
    const later = request(2, 9, { dequeued: 2, turn: 1, preceding: 1 });
    expect(waits("concurrent", [request(1, 1.5), later])).toEqual([0.5]);
  });

  test("rows come in any order; requests that were never taken up have no wait", () => {
    const rows = [request(3, 3.5), request(1, 1.4), request(1.1, 1.8), { intended: 4, queued: 5 }];
    expect(waits("constant", rows)).toEqual([0.5, 0.4, 0.4]);
    expect(waits("constant", [])).toEqual([]);
  });
});

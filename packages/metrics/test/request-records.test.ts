import { describe, expect, test } from "@jest/globals";
import { RECORD_STATUS } from "../src/record-layout.js";
import { buildRequestColumns } from "../src/request-columns.js";
import { toRequestRecords } from "../src/request-records.js";
import type { RequestTexts } from "../src/request-texts.js";
import { type GivenRequest, tableOf } from "./record-fixture.js";

const sent = (send: number, more: GivenRequest = {}): GivenRequest => ({ send, end: send + 1, ...more });
const textsOf = (index: number) =>
  ({
    index,
    request: { requestId: `id-${index}` },
    response: null,
    failure: null,
    settings: {},
  }) as unknown as RequestTexts;

function recordsOf(requests: readonly GivenRequest[], texts: readonly RequestTexts[] = []) {
  const table = tableOf(requests);
  const columns = buildRequestColumns(table);
  return toRequestRecords({ table, columns, texts, epochWallSeconds: 1000, schedulerStartNs: 0 });
}

describe("the records of a run", () => {
  const failed = { status: RECORD_STATUS.errored, errorCode: "X" };
  const requests = [sent(1), sent(2, failed), sent(3), { status: RECORD_STATUS.cancelledNeverStarted }];

  test("are listed by final state, without those that never started", () => {
    const { successful, errored, incomplete, total } = recordsOf(requests);
    expect(Array.from(successful, ({ request_index }) => request_index)).toEqual([0, 2]);
    expect(Array.from(errored, ({ error_code }) => error_code)).toEqual(["X"]);
    expect([successful.length, incomplete.length, total]).toEqual([2, 0, null]);
  });

  test("are made when they are asked for, the same each time", () => {
    const { successful } = recordsOf(requests, [textsOf(2)]);
    expect(successful.at(1)).toMatchObject({ request_id: "id-2", request_start_time: 1003 });
    expect(successful.at(1)).toEqual([...successful][1]);
    expect(successful.at(1)).not.toBe(successful.at(1));
    expect(() => successful.at(2)).toThrow(RangeError);
  });

  test("are a list in JSON", () => {
    const { successful } = recordsOf(requests);
    expect(JSON.stringify(successful)).toBe(JSON.stringify([...successful]));
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RECORD_STATUS } from "@core/metrics";
import { afterAll, describe, expect, test } from "@jest/globals";
import { readRecordedOffsets } from "../src/profile/recorded-offsets.js";
import { type GivenRequest, reportOf, resultOf } from "./support/measured.js";

const folder = mkdtempSync(join(tmpdir(), "goodput-recorded-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(content: unknown): string {
  const path = join(folder, `${Math.abs(JSON.stringify(content).length)}.json`);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

describe("arrivals of a report", () => {
  test("all requests, whatever became of them, in the order of their instants", () => {
    const requests: GivenRequest[] = [
      { intended: 0.123456, firstToken: 0.2, end: 0.5, outputTokens: 4 },
      { intended: 2, end: 2.5, status: RECORD_STATUS.errored, errorCode: "X" },
      { intended: 1.000001, end: 3, status: RECORD_STATUS.cancelledStarted },
    ];
    const path = written({ benchmarks: [reportOf(resultOf(requests)), reportOf(resultOf(requests.slice(0, 1)))] });
    expect(readRecordedOffsets(path)).toEqual([[0.123456, 1.000001, 2], [0.123456]]);
  });

  test.each([
    ["not JSON", "nonsense", "cannot be read"],
    ["something else", { benchmarks: [{ requests: [] }] }, "is no report"],
    ["no requests", { benchmarks: [] }, "holds no requests"],
  ])("%s is refused", (_name, content, message) => {
    expect(() => readRecordedOffsets(written(content))).toThrow(message);
  });

  test("a file that is not there is named", () => {
    expect(() => readRecordedOffsets(join(folder, "missing.json"))).toThrow("missing.json");
  });
});

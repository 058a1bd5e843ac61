import { RECORD_STATUS } from "@core/metrics";
import { expect, test } from "@jest/globals";
import * as v from "valibot";
import { readEnvironment } from "../src/report/environment.js";
import { createReport } from "../src/report/report-document.js";
import { ReportSchema, reportJsonSchema } from "../src/report-schema.js";
import { reportOf, resultOf, sequence, specOf } from "./support/measured.js";

const config = { plugins: [], metadata: { labels: {} }, spec: specOf(), benchmarks: [null] };

function written(benchmarks: readonly ReturnType<typeof reportOf>[]): unknown {
  return JSON.parse(JSON.stringify(createReport(readEnvironment("9.9.9"), { config, benchmarks, conclusions: [] })));
}

test.each([
  ["without a benchmark", []],
  ["of a good run", [reportOf(resultOf(sequence(20)))]],
  [
    "of a run with failures and cuts",
    [
      reportOf(
        resultOf([
          ...sequence(3),
          { status: RECORD_STATUS.errored, intended: 1, end: 1.1, errorCode: "TEST_BROKEN" },
          { status: RECORD_STATUS.cancelledStarted, intended: 1, firstToken: 1.2, end: 1.3 },
        ]),
      ),
    ],
  ],
  ["of a run without a request", [reportOf(resultOf([]))]],
])("a report %s validates", (_name, benchmarks) => {
  const { issues = [] } = v.safeParse(ReportSchema, written(benchmarks));
  expect(issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`)).toEqual([]);
});

test("the JSON Schema refers to its definitions by name", () => {
  const text = JSON.stringify(reportJsonSchema());
  const used = new Set([...text.matchAll(/"#\/definitions\/(\w+)"/g)].map(([, name]) => name));
  expect([...used].sort()).toEqual(Object.keys(reportJsonSchema()["definitions"] as object).sort());
  expect(text).not.toContain("$defs");
});

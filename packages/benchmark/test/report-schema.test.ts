import { RECORD_STATUS } from "@core/metrics";
import { expect, test } from "@jest/globals";
import * as v from "valibot";
import { profiles } from "../src/profile/profiles.js";
import { readEnvironment } from "../src/report/environment.js";
import { createReport } from "../src/report/report-document.js";
import { KneeConclusionSchema } from "../src/report-schema/knee-conclusion.js";
import { ReportSchema, reportJsonSchema } from "../src/report-schema.js";
import { reportOf, resultOf, sequence, specOf } from "./support/measured.js";
import { driveProfile } from "./support/outcomes.js";

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

test("the answer of the profile knee has a schema of its own", () => {
  const profile = profiles.create(profiles.parseArgs({ kind: "knee", min_streams: 1, max_streams: 17, count: 5 }), {
    seed: 1,
  });
  driveProfile(profile, (strategy) => ({
    outputTokensPerSecond: strategy.type_ === "concurrent" ? 10 * Math.min(9, strategy.streams) : null,
    overSaturation: { is_over_saturated: false, ttft_n: 3 },
  }));
  const conclusion: unknown = JSON.parse(JSON.stringify(profile.conclusion()));
  const { issues = [] } = v.safeParse(KneeConclusionSchema, conclusion);
  expect(issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`)).toEqual([]);
  expect(conclusion).toMatchObject({ final: { throughput_knee_interval: { interval: { lower: 9, upper: 9 } } } });
});

import { describe, expect, test } from "@jest/globals";
import { compileMetrics } from "../src/compile-metrics.js";
import type { DistributionSummary, StatusDistributionSummary } from "../src/distribution-summary.js";
import type { GenerativeMetrics } from "../src/generative-metrics.js";
import type { ObjectiveArgs } from "../src/objectives.js";
import {
  FOUR_REQUESTS,
  FOUR_SCHEDULED,
  type GivenRequest,
  SIX_SEQUENTIAL,
  tableOf,
  windowOf,
} from "./record-fixture.js";

type Group = keyof StatusDistributionSummary;

/** GuideLLM 0.8.1's numbers, under its conventions. */
function compile(
  requests: readonly GivenRequest[],
  start: number,
  end: number,
  more: Partial<Parameters<typeof compileMetrics>[0]> = {},
) {
  return compileMetrics({
    table: tableOf(requests),
    window: windowOf(start, end),
    strategyType: "concurrent",
    metricsArgs: { confidence: 0.95, slo: null },
    conventions: "guidellm",
    ...more,
  });
}

/** Compares with "count/mean/median/std_dev/min/max", of which later parts may be left out; "0" means no values. */
function check(summary: DistributionSummary | null | undefined, expected: string): void {
  const values = [summary?.count, summary?.mean, summary?.median, summary?.std_dev, summary?.min, summary?.max];
  expected.split("/").forEach((part, at) => {
    const target = Number(part);
    const value = values[at] ?? Number.NaN;
    expect({
      part: at,
      value: Math.abs(value - target) <= 2e-6 * Math.max(1, Math.abs(target)) ? target : value,
    }).toEqual({
      part: at,
      value: target,
    });
  });
}

const GROUPS: readonly Group[] = ["successful", "incomplete", "errored", "total"];

describe("four requests of every kind (G1)", () => {
  const metrics = compile(FOUR_REQUESTS, 1000, 1003);

  test("request totals", () => {
    expect(metrics.request_totals).toEqual({ successful: 2, errored: 1, incomplete: 1, total: 4 });
  });

  test.each([
    [
      "requests_per_second",
      [
        "2/.6666667/.952381/.5149493/0/1.1764706",
        "1/.3333333/0/.3333333/0/.6666667",
        "1/.3333333/0/.3333333/0/.6666667",
        "4/1.3333333/1.3333333/.8277591/0/2.5",
      ],
    ],
    [
      "request_concurrency",
      [
        "2/.9666667/1/.7520343/0/2",
        "1/.3333333/0/.4714045/0/1",
        "1/.1666667/0/.372678/0/1",
        "4/1.4666667/1/.6699917/1/3",
      ],
    ],
    ["request_latency", ["2/1.45/1.3/.15/1.3/1.6", "1/0/0/0/0/0", "1/0/0/0/0/0", "4/.725/0/.7327175/0/1.6"]],
    [
      "request_streaming_iterations_count",
      ["2/15.5/8/7.5/8/23", "1/6/6/0/6/6", "1/0/0/0/0/0", "4/9.25/6/8.4668471/0/23"],
    ],
    ["prompt_token_count", ["2/15/10/5/10/20", "1/10/10/0/10/10", "1/10/10/0/10/10", "4/12.5/10/4.330127/10/20"]],
    ["output_token_count", ["2/16/11/5/11/21", "1/5/5/0/5/5", "1/0/0/0/0/0", "4/9.25/5/7.8222439/0/21"]],
    ["total_token_count", ["2/31/21/10/21/41", "1/15/15/0/15/15", "1/10/10/0/10/10", "4/21.75/15/11.7765657/10/41"]],
    ["time_to_first_token_ms", ["2/250/200/50/200/300", "1/400/400/0/400/400", "0", "3/300/300/81.64966/200/400"]],
    [
      "time_to_first_output_token_ms",
      ["2/400/200/200/200/600", "1/400/400/0/400/400", "0", "3/400/400/163.2993/200/600"],
    ],
    [
      "time_per_output_token_ms",
      [
        "32/84.375/71.4285714/17.8880617/71.4285714/109.0909091",
        "5/160/160/0/160/160",
        "0/0",
        "37/94.5945946/71.4285714/30.7434313/71.4285714/160",
      ],
    ],
    [
      "inter_token_latency_ms",
      ["30/73.3333333/60/18.8561808/60/100", "4/100/100/0/100/100", "0/0", "34/76.4705882/60/19.6861183/60/100"],
    ],
    [
      "prompt_tokens_per_second",
      [
        "30/10/14.28571/8.864053/0/25",
        "10/3.333333/0/3.333333/0/6.666667",
        "10/3.333333/0/3.333333/0/6.666667",
        "50/16.66667/13.33333/9.838438/0/30.76923",
      ],
    ],
    [
      "output_tokens_per_second",
      ["32/10.66667/10/11.27609/0/66.66667", "5/1.666667/0.8/3.116266/0/10", "0", "37/12.33333/10/10.34803/0/66.66667"],
    ],
    [
      "tokens_per_second",
      [
        "62/20.66667/10/36.70355/0/176.9231",
        "15/5/8.8/4.414622/0/10",
        "10/3.333333/0/3.333333/0/6.666667",
        "87/29/16.66667/47.14485/0/333.3333",
      ],
    ],
    [
      "output_tokens_per_iteration",
      ["27/1.1851852/1/.3884477/1/2", "5/1/1/0/1/1", "1/0/0/0/0/0", "33/1.1212121/1/.4088102/0/2"],
    ],
    ["iter_tokens_per_iteration", ["25/1.2/1/.4/1/2", "4/1/1/0/1/1", "0/0", "29/1.1724138/1/.3777397/1/2"]],
    ["time_to_last_round_trip_ms", ["2/0", "1/0", "1/0", "4/0"]],
  ] as const)("%s", (name, expected) => {
    GROUPS.forEach((group, at) => {
      check(metrics[name][group], expected[at] as string);
    });
  });

  test("text tokens", () => {
    const { tokens, words } = metrics.text;
    const successful: [keyof typeof tokens, string][] = [
      ["input", "2/15/10"],
      ["input_per_second", "30/37.5/25"],
      ["input_concurrency", "2/21.4285714/20"],
      ["output", "2/16/11"],
      ["output_per_second", "32/40/27.5"],
      ["output_concurrency", "2/22.8095238/21"],
      ["total", "4/15.5/11"],
      ["total_per_second", "62/77.5/52.5"],
      ["total_concurrency", "4/44.2380952/41"],
    ];
    for (const [part, expected] of successful) check(tokens[part]?.successful, expected);
    check(tokens.input?.total, "4/12.5/10");
    check(tokens.output?.total, "2/16/11");
    check(tokens.total?.total, "6/13.6666667/10");
    check(tokens.input_per_second?.total, "50/29.4117647/25");
    expect(Object.values(words)).toEqual(Array(9).fill(null));
  });

  test("intervals", () => {
    expect(metrics.request_latency.successful.mean_ci?.lower).toBeCloseTo(-0.455931, 5);
    expect(metrics.request_latency.successful.mean_ci?.upper).toBeCloseTo(3.355931, 5);
    expect(metrics.time_to_first_token_ms.total.mean_ci?.lower).toBeCloseTo(51.586228, 5);
    expect(metrics.time_to_first_token_ms.total.mean_ci?.upper).toBeCloseTo(548.413771, 5);
    expect(metrics.inter_token_latency_ms.total.mean_ci).toBeNull();
  });

  test("no tool calls: nine nulls; an expected but missing one: a count of 0", () => {
    expect(Object.values(metrics.tool_call.count)).toEqual(Array(9).fill(null));
    const missing = compile([{ ...(FOUR_REQUESTS[2] as GivenRequest), toolCalls: 0 }], 1000, 1003);
    check(missing.tool_call.count.output?.errored, "1/0");
    expect(missing.tool_call.count.input).toBeNull();
  });
});

describe("four requests with a schedule and objectives (G1)", () => {
  const withObjectives = (slo: Partial<ObjectiveArgs>, requests = FOUR_SCHEDULED): GenerativeMetrics =>
    compile(requests, 1000, 1003, {
      strategyType: "constant",
      metricsArgs: { confidence: 0.95, slo: { ttft_ms: null, tpot_ms: null, e2el_ms: null, ...slo } },
    });
  const metrics = withObjectives({ ttft_ms: 250 });

  test("delays", () => {
    check(metrics.request_dispatch_delay?.successful, "2/.3/.1/.2/.1/.5");
    check(metrics.request_dispatch_delay?.errored, "1/.1");
    check(metrics.request_dispatch_delay?.incomplete, "1/0");
    check(metrics.turn_predecessor_delay?.successful, "2/.15/0/.15/0/.3");
    check(metrics.turn_scheduling_delay?.successful, "2/.15/.1/.05/.1/.2");
    check(metrics.request_scheduled_latency?.successful, "2/1.75/1.4/.35/1.4/2.1");
    expect(metrics.request_scheduled_latency?.errored.count).toBe(0);
    check(metrics.root_dispatch_delay, "3/.0666667/.1");
  });

  test("attainment and goodput", () => {
    expect(metrics.slo_attainment).toBeCloseTo(1 / 3, 12);
    expect(metrics.slo_determined_requests).toBe(3);
    check(metrics.request_goodput?.successful, "1/.3333333/0/.3333333/0/.6666667");
    check(metrics.request_goodput?.total, "1/.3333333/0/.3333333/0/.6666667");
    check(metrics.request_goodput?.errored, "0/0");
  });

  test.each([
    ["tpot 80", { tpot_ms: 80 }, FOUR_SCHEDULED, 1 / 3, 3],
    ["e2el 1300", { e2el_ms: 1300 }, FOUR_SCHEDULED, 1 / 3, 3],
    ["e2el 1300 without the error", { e2el_ms: 1300 }, FOUR_SCHEDULED.filter((_, at) => at !== 2), 1 / 2, 2],
    ["only the error and the cut one", { ttft_ms: 250 }, FOUR_SCHEDULED.slice(2), 0, 1],
    ["only the cut one", { ttft_ms: 250 }, FOUR_SCHEDULED.slice(3), null, 0],
  ] as const)("%s", (_name, slo, requests, attainment, determined) => {
    const found = withObjectives(slo, requests);
    expect(found.slo_determined_requests).toBe(determined);
    if (attainment === null) expect(found.slo_attainment).toBeNull();
    else expect(found.slo_attainment).toBeCloseTo(attainment, 12);
    expect(found.request_goodput === null).toBe(determined === 0);
  });

  test("turns", () => {
    expect(metrics.turns?.map((turn) => [turn.turn_index, turn.request_totals])).toEqual([
      [0, { successful: 1, errored: 1, incomplete: 1, total: 3 }],
      [1, { successful: 1, errored: 0, incomplete: 0, total: 1 }],
    ]);
    check(metrics.turns?.[1]?.time_to_first_token_ms.successful, "1/300");
  });
});

describe("without streaming (G2)", () => {
  const metrics = compile(
    [
      { send: 10, end: 12, input: 100, output: 50 },
      { send: 11, end: 15, input: 100, output: 100 },
    ],
    10,
    20,
  );

  test.each([
    ["requests_per_second", "2/0.2/0.25/.1581139/0/.4"],
    ["request_concurrency", "2/0.6/0"],
    ["request_latency", "2/3/2"],
    ["time_to_first_token_ms", "0"],
    ["time_to_first_output_token_ms", "0"],
    ["time_per_output_token_ms", "150/40/40"],
    ["inter_token_latency_ms", "148/0/0"],
    ["prompt_tokens_per_second", "200/20/25/15.81139/0/40"],
    ["output_tokens_per_second", "150/15/20/11.18034/0/25"],
    ["tokens_per_second", "350/35/50/25.98076/0/60"],
    ["output_tokens_per_iteration", "2/75/50"],
    ["iter_tokens_per_iteration", "0/0"],
    ["request_streaming_iterations_count", "2/0/0"],
  ] as const)("%s", (name, expected) => {
    check(metrics[name].successful, expected);
    check(metrics[name].total, expected);
  });

  test("concurrency percentiles: at most 1 for exactly 90 % of the time (GuideLLM's rounded sums slip to 2)", () => {
    expect(metrics.request_concurrency.successful).toMatchObject({ max: 2, percentiles: { p90: 1, p95: 2 } });
  });
});

describe("trimmed by a window (G3)", () => {
  const metrics = compile(SIX_SEQUENTIAL, 101.5, 104.5);

  test.each([
    ["requests_per_second", "3/1"],
    ["request_concurrency", "4/0.9/1"],
    ["request_latency", "4/.9/.9"],
    ["time_to_first_token_ms", "3/200/200/0/200/200"],
    ["time_to_first_output_token_ms", "3/200/200/0/200/200"],
    ["time_per_output_token_ms", "16/200/200"],
    ["inter_token_latency_ms", "12/200/200"],
    ["prompt_tokens_per_second", "30/10/10/4.881708/0/15.38462"],
    ["output_tokens_per_second", "12/4/3.333333/1.333333/0/6.666667"],
    ["tokens_per_second", "42/14/5/14.89221/0/36.66667"],
  ] as const)("%s", (name, expected) => {
    check(metrics[name].successful, expected);
    check(metrics[name].total, expected);
  });

  test("totals", () => {
    expect(metrics.request_totals.successful).toBe(4);
  });
});

describe("requests that started in the window (G3)", () => {
  const policy = (window_policy: "overlap" | "started") =>
    compile(SIX_SEQUENTIAL, 101.5, 104.5, { metricsArgs: { confidence: 0.95, slo: null, window_policy } });
  const [started, overlapping] = [policy("started"), policy("overlap")];

  test("are fewer than those that overlap it", () => {
    expect(overlapping.request_totals.successful).toBe(4);
    expect(started.request_totals.successful).toBe(3);
    for (const name of ["request_latency", "time_to_first_token_ms", "prompt_token_count"] as const) {
      check(started[name].successful, "3");
    }
    expect(started.inter_token_gap_ms.successful.count).toBeLessThan(overlapping.inter_token_gap_ms.successful.count);
  });

  test("change no rate: those count what happened inside", () => {
    for (const name of ["requests_per_second", "output_tokens_per_second", "request_concurrency"] as const) {
      expect(started[name]).toEqual(overlapping[name]);
    }
    expect(started.text.tokens.output_per_second).toEqual(overlapping.text.tokens.output_per_second);
  });
});

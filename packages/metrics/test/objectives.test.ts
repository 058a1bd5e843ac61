import { describe, expect, test } from "@jest/globals";
import { compileMetrics } from "../src/compile-metrics.js";
import { RECORD_STATUS } from "../src/record-layout.js";
import { type GivenRequest, tableOf } from "./record-fixture.js";

/** Fields that replace those of a plain request; undefined takes one away. */
type Replaced = { readonly [K in keyof GivenRequest]?: GivenRequest[K] | undefined };

/** Every second one request, whose time to first token is given in milliseconds. */
function requests(ttftMs: readonly number[], more: Replaced = {}): GivenRequest[] {
  return ttftMs.map((ttft, at) => ({
    intended: at,
    resolveStart: at,
    send: at,
    firstToken: at + ttft / 1e3,
    firstOutputToken: at + ttft / 1e3,
    lastToken: at + 0.5,
    end: at + 0.5,
    tokenIterations: 11,
    output: 11,
    ...more,
  })) as GivenRequest[];
}

function judge(objectives: readonly string[], given: readonly GivenRequest[], confidence: number | null = 0.95) {
  const { objectives: outcomes } = compileMetrics({
    table: tableOf(given),
    window: { startNs: 0, endNs: 1e15 },
    strategyType: "constant",
    metricsArgs: { confidence, slo: null },
    objectives,
  });
  return outcomes ?? [];
}

/** 1 to 100 in no order. */
const mixed = Array.from({ length: 100 }, (_, at) => ((at * 37) % 100) + 1);

describe("verdicts", () => {
  test("a percentile is met, missed or undecided by the interval of the share below the limit", () => {
    const outcomes = judge(["ttft.p50<=80ms", "ttft.p50<=20ms", "ttft.p50<=52ms"], requests(mixed));
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(["met", "missed", "undecided"]);
    expect(outcomes[0]).toMatchObject({ attainment: 0.8, target: 0.5, value_ms: 50, conforming_requests: 80 });
  });

  test("values that drift decide less than the same values in no order", () => {
    const drifting = [...mixed].sort((left, right) => left - right);
    expect(judge(["ttft.p50<=80ms"], requests(drifting))[0]).toMatchObject({ verdict: "undecided", attainment: 0.8 });
  });

  test("without intervals the point estimate decides", () => {
    expect(judge(["ttft.p50<=52ms"], requests(mixed), null)[0]).toMatchObject({ verdict: "met", attainment_ci: null });
  });

  test("a mean is decided by its interval", () => {
    const scattered = Array.from({ length: 400 }, (_, at) => 40 + ((at * 37) % 21));
    const outcomes = judge(["ttft.mean<=60ms", "ttft.mean<=40ms"], requests(scattered));
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(["met", "missed"]);
    expect(outcomes[0]?.value_ms).toBeCloseTo(50, 0);
    expect(judge(["ttft.mean<=60ms"], requests([50, 50]))[0]?.verdict).toBe("undecided");
  });

  test("a failed request conforms to nothing, whatever it measured", () => {
    const failed = requests([1], { status: RECORD_STATUS.errored, errorCode: "X" });
    expect(judge(["ttft<=1s", "errors<=1%"], [...requests([1, 1]), ...failed])).toMatchObject([
      { determined_requests: 3, conforming_requests: 2 },
      { determined_requests: 3, conforming_requests: 2 },
    ]);
  });

  test("requests that the client cut off are counted and not judged", () => {
    const cut = requests([1, 1], { status: RECORD_STATUS.cancelledStarted });
    expect(judge(["ttft<=1s"], [...requests([1]), ...cut])[0]).toMatchObject({
      determined_requests: 1,
      cut_requests: 2,
    });
    expect(judge(["ttft<=1s"], cut)[0]).toMatchObject({ verdict: "unmeasured", attainment: null });
  });

  test("of those cut off, the ones that had broken the limit by then are counted", () => {
    const cut = { status: RECORD_STATUS.cancelledStarted, lastToken: undefined, end: undefined };
    const noToken = { firstToken: undefined, firstOutputToken: undefined, tokenIterations: 0 };
    const given = [
      ...requests([50], { ...cut, resolveEnd: 0.3 }),
      ...requests([0], { ...cut, ...noToken, resolveEnd: 0.3 }),
      ...requests([0], { ...cut, ...noToken, resolveEnd: 0.1 }),
    ].map(withoutNull);
    const [ttft, e2el, tpot] = judge(["ttft<=200ms", "e2el<=200ms", "tpot<=1ms"], given);
    expect([ttft, e2el, tpot].map((outcome) => [outcome?.cut_requests, outcome?.cut_late_requests])).toEqual([
      [3, 1],
      [3, 2],
      [3, 0],
    ]);
    const { slo_cut_requests, slo_cut_late_requests } = compileMetrics({
      table: tableOf(given),
      window: { startNs: 0, endNs: 1e15 },
      strategyType: "constant",
      metricsArgs: { confidence: 0.95, slo: { ttft_ms: 200, tpot_ms: null, e2el_ms: null } },
    });
    expect([slo_cut_requests, slo_cut_late_requests]).toEqual([3, 1]);
  });

  test("time before the send counts where it is asked for", () => {
    const waited = { intended: 0, resolveStart: 1, send: 1, lastToken: 1.5, end: 1.5 };
    const tokens = { firstToken: 1.1, firstOutputToken: 1.1 };
    const cut = { status: RECORD_STATUS.cancelledStarted, lastToken: undefined, end: undefined, resolveEnd: 1.2 };
    const given = [...requests([100], { ...waited, ...tokens }), ...requests([100], { ...waited, ...tokens, ...cut })];
    const slo = { ttft_ms: 200, tpot_ms: null, e2el_ms: 600 };
    const table = tableOf(given.map(withoutNull));
    const window = { startNs: 0, endNs: 10e9 };
    const metrics = compileMetrics({ table, window, strategyType: "constant", metricsArgs: { confidence: null, slo } });
    expect([metrics.slo_attainment, metrics.slo_attainment_from_intended]).toEqual([1, 0]);
    expect(metrics.request_goodput?.successful.mean).toBeCloseTo(0.1, 6);
    expect(metrics.request_goodput_from_intended?.successful.mean ?? 0).toBe(0);
    const names = ["ttft<=1s", "ttft_from_intended<=1s", "e2el<=1s", "e2el_from_intended<=1s"];
    const late = judge(names, given.map(withoutNull)).map(({ cut_late_requests }) => cut_late_requests);
    expect(late).toEqual([0, 1, 0, 1]);
  });

  test("what is missing is counted by its cause", () => {
    const given = [
      ...requests([5], {
        firstToken: Number.NaN,
        firstOutputToken: Number.NaN,
        lastToken: Number.NaN,
        tokenIterations: 0,
      }),
      ...requests([5], { output: 1, tokenIterations: 1 }),
      ...requests([5]),
    ].map((request) => JSON.parse(JSON.stringify(request)) as GivenRequest);
    const [ttft, tpot] = judge(["ttft<=1s", "tpot<=1s"], given.map(withoutNull));
    expect(ttft?.undetermined_requests).toEqual({ no_first_token: 1 });
    expect(tpot?.undetermined_requests).toEqual({ no_first_token: 1, fewer_than_two_tokens: 1 });
    expect(tpot?.determined_requests).toBe(1);
  });

  test("an objective for one turn looks at that turn", () => {
    const given = [...requests([10, 10]), ...requests([300, 300], { turn: 1 })];
    const outcomes = judge(["ttft[turn=0]<=100ms@50%", "ttft[turn=1]<=100ms@50%"], given);
    expect(outcomes.map(({ attainment }) => attainment)).toEqual([1, 0]);
  });

  test("an objective for several turns looks at all of them", () => {
    const given = [0, 1, 2, 3].flatMap((turn) => requests([100 * turn + 10], { turn }));
    const outcomes = judge(["ttft{turn>=1}<=150ms", "ttft{turn<=1}<=150ms", "ttft{turn>=1,turn<3}<=250ms"], given);
    expect(outcomes.map(({ determined_requests, attainment }) => [determined_requests, attainment])).toEqual([
      [3, 1 / 3],
      [2, 1],
      [2, 1],
    ]);
  });

  test("an objective for a class of traffic looks at that class alone, its failures and what was cut off", () => {
    const given = [
      ...requests([10, 20], { trafficClass: "chat" }),
      ...requests([1], { trafficClass: "chat", status: RECORD_STATUS.errored, errorCode: "X" }),
      ...requests([1], { trafficClass: "chat", status: RECORD_STATUS.cancelledStarted }),
      ...requests([900, 900], { trafficClass: "batch" }),
      ...requests([5000]),
    ];
    const [chat, batch, all] = judge(["ttft.p50{class=chat}<=15ms", "ttft[class=batch]<=1s", "ttft<=1s"], given);
    expect(chat).toMatchObject({ determined_requests: 3, conforming_requests: 1, value_ms: 10, cut_requests: 1 });
    expect(chat).toMatchObject({ objective: "ttft[class=chat].p50<=15ms", problem: null });
    expect(batch).toMatchObject({ determined_requests: 2, conforming_requests: 2, cut_requests: 0 });
    expect(all).toMatchObject({ determined_requests: 6, conforming_requests: 4, cut_requests: 1 });
  });

  test("a class that no request has is unmeasured, and the outcome says which there are", () => {
    const given = requests([10], { trafficClass: "chat" });
    expect(judge(["ttft[class=chta]<=1s"], given)[0]).toMatchObject({
      verdict: "unmeasured",
      problem: 'no request is of the class "chta"; classes of the data: chat (did you mean chat?)',
    });
    expect(judge(["ttft[class=chat]<=1s"], requests([10]))[0]).toMatchObject({
      verdict: "unmeasured",
      problem: 'no request has a class, so none is of the class "chat"',
    });
  });

  test("the main metrics are there by class, requests without one aside", () => {
    const given = [
      ...requests([10, 30], { trafficClass: "chat" }),
      ...requests([500], { trafficClass: "batch" }),
      ...requests([7]),
    ];
    const compile = (table: ReturnType<typeof tableOf>) =>
      compileMetrics({
        table,
        window: { startNs: 0, endNs: 1e15 },
        strategyType: "constant",
        metricsArgs: { confidence: null, slo: null },
      });
    const classes = compile(tableOf(given)).classes ?? [];
    expect(classes.map(({ traffic_class, request_totals }) => [traffic_class, request_totals.total])).toEqual([
      ["chat", 2],
      ["batch", 1],
    ]);
    expect(classes[0]?.time_to_first_token_ms.successful.mean).toBeCloseTo(20, 9);
    expect(compile(tableOf(requests([1]))).classes).toBeNull();
  });

  test("no objectives, no outcomes", () => {
    expect(judge([], requests([1]))).toEqual([]);
  });
});

/** JSON turns NaN into null; a time that did not happen is left out, as is what is undefined. */
function withoutNull(request: GivenRequest): GivenRequest {
  return Object.fromEntries(
    Object.entries(request).filter(([, value]) => value !== null && value !== undefined),
  ) as GivenRequest;
}

import { describe, expect, jest, test } from "@jest/globals";
import { GraphList } from "../../test/support/graphs.js";
import type { Script } from "../../test/support/scripted-backend.js";
import { runVirtually } from "../../test/support/virtual-run.js";
import type { StrategyArgs } from "../strategy/strategy-args.js";

jest.setTimeout(60_000); // up to a thousand requests each, beside the tests of other packages

const RATE: StrategyArgs = { type_: "constant", rate: 20, max_concurrency: null, rampup_duration: 0 };
const STREAMS: StrategyArgs = { type_: "concurrent", streams: 4, rampup_duration: 0 };
const LIMIT = { kind: "max_duration", seconds: 60 };

const numberOf = (requestId: string): number => Number.parseInt(requestId, 10);
const failing = (fails: (request: number) => boolean) => (requestId: string) =>
  ({ latencyNs: 50e6, ending: fails(numberOf(requestId)) ? "errored" : "final" }) as const satisfies Script;

describe("error rates", () => {
  test.each([1, 3])("stop a run of %d workers soon after they were reached", async (workers) => {
    const { run } = await runVirtually({
      strategy: RATE,
      workers,
      constraints: [LIMIT, { kind: "max_error_rate", rate: 0.5, window: 10, stopping_scope: "all" }],
      script: failing((request) => request >= 100),
      graceSeconds: 1,
    });
    expect(run.stopReasons).toEqual([{ kind: "max_error_rate", stoppingScope: "all" }]);
    expect(run.stopAll).toBe(true);
    // The fifth failure of ten ends 50 ms after 5.2 s; within a housekeeping turn of worker and controller it is seen.
    const stopped = (run.state.progress.stopNs ?? Number.NaN) - run.startNs;
    expect(stopped).toBeGreaterThanOrEqual(5.2e9);
    expect(stopped).toBeLessThan(5.4e9);
    expect(run.state.endProcessingNs - run.startNs).toBeLessThan(stopped + 0.25e9);
    expect(run.state.cancelledRequests).toBe(0);
  });

  test("a global rate is of all requests so far, and stays reached though later ones succeed", async () => {
    const { run } = await runVirtually({
      strategy: STREAMS,
      constraints: [LIMIT, { kind: "max_global_error_rate", rate: 0.2, minimum: 40 }],
      script: failing((request) => request < 20),
      graceSeconds: 1,
    });
    expect(run.stopReasons).toEqual([{ kind: "max_global_error_rate", stoppingScope: "current" }]);
    expect(run.state.schedulerConstraints["max_global_error_rate"]?.metadata).toMatchObject({ exceeded: true });
    expect(run.state.createdRequests).toBeLessThan(60);
  });

  test("a run that was over before anybody looked is judged at its end", async () => {
    const { run } = await runVirtually({
      strategy: STREAMS,
      constraints: [
        { kind: "max_requests", count: 8 },
        { kind: "max_error_rate", rate: 0.9, window: 4, stopping_scope: "all" },
      ],
      script: () => ({ latencyNs: 1e6, ending: "errored" }),
    });
    expect(run.state.erroredRequests).toBe(8);
    expect(run.stopReasons.map(({ kind }) => kind)).toEqual(["max_requests", "max_error_rate"]);
    expect(run.stopAll).toBe(true);
  });
});

test("a constraint that fires after sending had ended still ends the rest of the profile", async () => {
  const { run } = await runVirtually({
    strategy: STREAMS,
    constraints: [
      { kind: "max_requests", count: 4 },
      { kind: "max_errors", count: 1, stopping_scope: "all" },
    ],
    data: new GraphList(4),
    script: failing((request) => request === 3),
    graceSeconds: 1,
  });
  expect(Object.keys(run.state.endQueuingConstraints)).toContain("max_requests");
  expect(run.stopAll).toBe(true);
});

test("without a limit of the grace period requests end as they will, and a cut from outside ends them all the same", async () => {
  const slow = () => ({ latencyNs: 500e9, ending: "final" }) as const satisfies Script;
  const options = { strategy: STREAMS, constraints: [{ kind: "max_duration", seconds: 1 }], script: slow };
  const graceSeconds = Number.POSITIVE_INFINITY;
  const patient = await runVirtually({ ...options, graceSeconds });
  expect(patient.run.state).toMatchObject({ successfulRequests: 4, cancelledRequests: 0 });
  const cut = await runVirtually({
    ...options,
    graceSeconds,
    during: (time, controller) => time.plan(3e9, () => controller.cut()),
    withinSeconds: 4,
  });
  expect(cut.run.state).toMatchObject({ successfulRequests: 0, cancelledRequests: 4 });
});

describe("over_saturation", () => {
  /** One request at a time, each 1/µ s; the first token and the end of a request come together. */
  const queue = (servicesPerSecond: number) => (requestId: string) => {
    const request = numberOf(requestId);
    const [arrival, done] = [request / 20, (request + 1) / servicesPerSecond];
    return { latencyNs: Math.max(0.02, done - arrival) * 1e9, ending: "final" } as const satisfies Script;
  };

  test("stops a run whose server falls behind, within 30 s", async () => {
    const { run } = await runVirtually({
      strategy: RATE,
      constraints: [LIMIT, { kind: "over_saturation", stopping_scope: "all" }],
      script: queue(20 / 1.3),
    });
    expect(run.stopReasons).toEqual([{ kind: "over_saturation", stoppingScope: "all" }]);
    const { metadata } = run.state.schedulerConstraints["over_saturation"] ?? {};
    expect(metadata).toMatchObject({ applies: true, is_over_saturated: true });
    expect(metadata?.["first_over_saturated_seconds"]).toBeLessThan(30);
    expect(metadata?.["shortfall"]).toBeCloseTo(0.3 / 1.3, 1);
  });

  test("monitoring says it, keeps saying it, and stops nothing", async () => {
    const { run } = await runVirtually({
      strategy: RATE,
      constraints: [
        { kind: "max_duration", seconds: 30 },
        { kind: "over_saturation", mode: "monitor" },
      ],
      script: queue(10),
    });
    expect(run.stopReasons).toEqual([{ kind: "max_duration", stoppingScope: "current" }]);
    expect(run.state.schedulerConstraints["over_saturation"]?.metadata).toMatchObject({ is_over_saturated: true });
  });

  test("a server with room is left alone", async () => {
    const { run } = await runVirtually({
      strategy: RATE,
      constraints: [{ kind: "max_duration", seconds: 40 }, { kind: "over_saturation" }],
      script: queue(25),
    });
    expect(run.stopReasons.map(({ kind }) => kind)).toEqual(["max_duration"]);
    expect(run.state.schedulerConstraints["over_saturation"]?.metadata).toMatchObject({ is_over_saturated: false });
  });

  test.each([
    [6.7, "over_saturation"],
    [25, "max_duration"],
  ])("the test of GuideLLM at %d/s ends the run by %s", async (servicesPerSecond, kind) => {
    const { run } = await runVirtually({
      strategy: RATE,
      workers: 2,
      constraints: [
        { kind: "max_duration", seconds: 45 },
        { kind: "over_saturation", detector: "slope" },
      ],
      script: queue(servicesPerSecond),
    });
    expect(run.stopReasons.map((reason) => reason.kind)).toEqual([kind]);
    const { metadata } = run.state.schedulerConstraints["over_saturation"] ?? {};
    if (kind === "over_saturation") expect(metadata?.["concurrent_slope"]).toBeCloseTo(20 - servicesPerSecond, 0);
  });
});

import { describe, expect, test } from "@jest/globals";
import { GraphList, graphOf } from "../../test/support/graphs.js";
import { runVirtually, type VirtualRun } from "../../test/support/virtual-run.js";
import type { StrategyArgs } from "../strategy/strategy-args.js";

const MS = 1e6;
const script = () => ({ latencyNs: 100 * MS, ending: "final" }) as const;

/** Conversations of two turns, the second a second after the first. */
function pairs(count: number, thinkSeconds = 1): GraphList {
  return new GraphList(count, (index) => {
    const [first, second] = [`${index}.0`, `${index}.1`];
    return graphOf(
      String(index),
      [first, second],
      [{ source: first, target: second, historyContext: "full" }],
      thinkSeconds,
    );
  });
}

/** A start that fans out at once. */
function fan(): GraphList {
  const branches = ["b", "c", "d"];
  return new GraphList(1, () =>
    graphOf(
      "g",
      ["a", ...branches],
      branches.map((target) => ({ source: "a", target, historyContext: "new" })),
    ),
  );
}

/** When each request was sent, in milliseconds after the start. */
function sent({ backends, run }: VirtualRun): Record<string, number> {
  const calls = backends.flatMap((backend) => backend.calls);
  return Object.fromEntries(calls.map(({ requestId, atNs }) => [requestId, Math.round((atNs - run.startNs) / MS)]));
}

function constant(rate: number, given: Partial<Extract<StrategyArgs, { type_: "constant" }>> = {}): StrategyArgs {
  return { type_: "constant", rate, max_concurrency: null, rampup_duration: 0, ...given };
}

describe("streams", () => {
  const streams = (count: number): StrategyArgs => ({
    type_: "concurrent",
    streams: count,
    rampup_duration: 0,
    concurrency_unit: "conversation",
  });

  test("that are conversations take the next one when theirs is over, think time included", async () => {
    const virtual = await runVirtually({ strategy: streams(1), data: pairs(2), script });
    expect(sent(virtual)).toEqual({ "0.0": 0, "0.1": 1100, "1.0": 1200, "1.1": 2300 });
  });

  test("that are conversations do not bound the branches of one", async () => {
    const virtual = await runVirtually({ strategy: streams(1), data: fan(), script });
    expect(sent(virtual)).toEqual({ a: 0, b: 100, c: 100, d: 100 });
    expect(virtual.run.stopReasons).toMatchObject([{ kind: "requests_exhausted" }]);
  });

  test("thousands of idle conversations cost a timer each second, not a connection", async () => {
    const virtual = await runVirtually({
      strategy: { ...streams(1000), rampup_duration: 100 } as StrategyArgs,
      data: pairs(1000, 200),
      script,
    });
    expect(virtual.run.state).toMatchObject({ successfulRequests: 2000, createdRequests: 2000 });
    // A conversation starts every 100 ms and its first turn takes as long: two overlap at most.
    expect(virtual.backends[0]?.mostInFlight).toBeLessThanOrEqual(2);
    expect(virtual.column("intended_start_ns")).toEqual(virtual.column("send_ns"));
  }, 60_000);
});

describe("caps of a rate", () => {
  test("that count conversations hold new ones back and no turns", async () => {
    const virtual = await runVirtually({
      strategy: constant(10, { max_concurrency: 1, concurrency_unit: "conversation" }),
      data: pairs(2, 0.05),
      script,
    });
    // 0.1 is ready at 250 and takes the instant 200; conversation 1 may begin at 350.
    expect(sent(virtual)).toEqual({ "0.0": 100, "0.1": 250, "1.0": 350, "1.1": 500 });
    expect(virtual.run.diagnostics[0]?.delayedByCap).toBeGreaterThanOrEqual(1);
  });

  test("that count requests let conversations think beside each other", async () => {
    const virtual = await runVirtually({
      strategy: constant(10, { max_concurrency: 1 }),
      data: pairs(3),
      script: () => ({ latencyNs: 50 * MS, ending: "final" }),
    });
    expect(sent(virtual)).toMatchObject({ "0.0": 100, "1.0": 200, "2.0": 300 });
    expect(virtual.backends[0]?.mostInFlight).toBe(1);
  });
});

describe("a rate of conversations", () => {
  test.each([1, 2, 5])("starts them by the clock, and turns follow by think time (%d workers)", async (workers) => {
    const virtual = await runVirtually({
      strategy: constant(4, { rate_unit: "conversation" }),
      workers,
      data: pairs(5),
      script,
    });
    expect(sent(virtual)).toEqual(
      Object.fromEntries(
        [0, 1, 2, 3, 4].flatMap((index) => [
          [`${index}.0`, 250 * (index + 1)],
          [`${index}.1`, 250 * (index + 1) + 1100],
        ]),
      ),
    );
    expect(virtual.run.stopReasons).toMatchObject([{ kind: "requests_exhausted" }]);
  });

  test("holds turns and starts back at a cap on requests, in the order in which they were due", async () => {
    const virtual = await runVirtually({
      strategy: constant(10, { rate_unit: "conversation", max_concurrency: 1 }),
      data: pairs(3, 0.05),
      script: () => ({ latencyNs: 100 * MS, ending: "final" }),
    });
    expect(virtual.backends[0]?.mostInFlight).toBe(1);
    expect(virtual.run.state).toMatchObject({ successfulRequests: 6 });
  });

  test("limits requests, not conversations", async () => {
    const virtual = await runVirtually({
      strategy: constant(10, { rate_unit: "conversation" }),
      constraints: [{ kind: "max_requests", count: 5 }],
      data: pairs(9, 0.01),
      script: () => ({ latencyNs: 10 * MS, ending: "final" }),
    });
    expect(sent(virtual)).toEqual({ "0.0": 100, "0.1": 120, "1.0": 200, "1.1": 220, "2.0": 300 });
    expect(virtual.run.diagnostics[0]?.endedBy).toBe("limit");
  });

  test("ends with recorded instants, after the turns of what they started", async () => {
    const virtual = await runVirtually({
      strategy: { type_: "recorded", offsets: [0.1, 0.2], max_concurrency: null, rate_unit: "conversation" },
      data: pairs(9),
      script,
    });
    expect(sent(virtual)).toEqual({ "0.0": 100, "1.0": 200, "0.1": 1200, "1.1": 1300 });
    expect(virtual.run.diagnostics[0]?.endedBy).toBe("limit");
  });
});

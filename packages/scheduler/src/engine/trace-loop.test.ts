import { describe, expect, test } from "@jest/globals";
import { GraphList, graphOf } from "../../test/support/graphs.js";
import { runVirtually } from "../../test/support/virtual-run.js";
import type { StrategyArgs } from "../strategy/strategy-args.js";

function trace(given: Partial<Extract<StrategyArgs, { type_: "trace" }>> = {}): StrategyArgs {
  return { type_: "trace", max_concurrency: null, time_scale: 1, schedule_turn: "idle_gap", ...given };
}

/** Single requests at recorded seconds. */
function at(seconds: readonly number[]) {
  return new GraphList(seconds.length, (index) =>
    graphOf(String(index), [String(index)], [], null, () => ({ relativeTimestampSeconds: seconds[index] ?? null })),
  );
}

const OFFSETS = [0, 0, 0, 0.1, 0.1, 1.5, 2, 2, 3.5, 7];
const sorted = (values: readonly number[]) => [...values].sort((left, right) => left - right);

describe("recorded times", () => {
  test.each([1, 2, 3])("%d workers send at scale times the offset", async (workers) => {
    const { column } = await runVirtually({ strategy: trace({ time_scale: 2 }), workers, data: at(OFFSETS) });
    const intended = sorted(column("intended_start_ns"));
    expect(intended.map((ns) => ns / 1e9)).toEqual(OFFSETS.map((offset) => 2 * offset));
    expect(sorted(column("send_ns"))).toEqual(intended);
  });

  test("a slow server changes nothing: requests overlap", async () => {
    const { backends, column } = await runVirtually({
      strategy: trace(),
      data: at([0, 1, 2, 3]),
      script: () => ({ latencyNs: 10e9, ending: "final" }),
    });
    expect(column("send_ns")).toEqual([0, 1e9, 2e9, 3e9]);
    expect(backends[0]?.mostInFlight).toBe(4);
  });

  test("data slightly out of order is sent in order", async () => {
    const { backends } = await runVirtually({ strategy: trace(), data: at([0, 1.5, 1, 3, 2.5]) });
    expect(backends[0]?.calls.map(({ requestId }) => requestId)).toEqual(["0", "2", "1", "4", "3"]);
  });

  test("a full cap delays sends, which keep their instant, and is counted", async () => {
    const { run, column } = await runVirtually({
      strategy: trace({ max_concurrency: 1 }),
      data: at([0, 0.1, 0.2]),
      script: () => ({ latencyNs: 1e9, ending: "final" }),
    });
    expect(column("intended_start_ns")).toEqual([0, 0.1e9, 0.2e9]);
    expect(column("send_ns")).toEqual([0, 1e9, 2e9]);
    expect(run.diagnostics[0]?.delayedByCap).toBe(2);
  });

  test("limits of requests and time hold, and what was due and not sent is counted", async () => {
    const requests = await runVirtually({
      strategy: trace(),
      workers: 2,
      data: at(OFFSETS),
      constraints: [{ kind: "max_requests", count: 4 }],
    });
    expect(requests.run.state.createdRequests).toBe(4);
    const time = await runVirtually({
      strategy: trace(),
      data: at(OFFSETS),
      constraints: [{ kind: "max_duration", seconds: 1.8 }],
    });
    expect(time.run.state.createdRequests).toBe(6);
    expect(time.run.stopReasons).toMatchObject([{ kind: "max_duration" }]);
  });

  test("the end of the data ends the run", async () => {
    const { run } = await runVirtually({ strategy: trace(), data: at([0, 0.5]) });
    expect(run.stopReasons).toMatchObject([{ kind: "requests_exhausted" }]);
  });
});

describe("turns", () => {
  /** a (recorded 0 to 2) and b after it (recorded 10). */
  const twoTurns = () =>
    new GraphList(1, () =>
      graphOf("g", ["a", "b"], [{ source: "a", target: "b", historyContext: "full" }], null, (node) => ({
        relativeTimestampSeconds: node === 0 ? 0 : 10,
        traceDurationSeconds: 2,
      })),
    );

  test.each([
    ["idle_gap", 5, 13],
    ["idle_gap", 1, 9],
    ["timestamp", 5, 10],
    ["timestamp", 12, 12],
  ] as const)("%s, the first turn takes %d s: the second starts at %d s", async (schedule_turn, seconds, expected) => {
    const { column } = await runVirtually({
      strategy: trace({ schedule_turn }),
      data: twoTurns(),
      script: () => ({ latencyNs: seconds * 1e9, ending: "final" }),
    });
    expect(column("intended_start_ns")).toEqual([0, expected * 1e9]);
  });

  test("turns after one that failed are never sent", async () => {
    const { run } = await runVirtually({
      strategy: trace(),
      data: twoTurns(),
      script: () => ({ latencyNs: 1e9, ending: "errored" }),
    });
    expect(run.state).toMatchObject({ erroredRequests: 1, cancelledRequests: 1 });
  });
});

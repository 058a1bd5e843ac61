import { RECORD_STATUS } from "@core/metrics";
import { describe, expect, test } from "@jest/globals";
import { chainGraph, GraphList, graphOf, SILENT_DATA } from "../../test/support/graphs.js";
import { runVirtually } from "../../test/support/virtual-run.js";
import type { RunController } from "../run/run-controller.js";

const paced = { max_concurrency: null, rampup_duration: 0 };
const MS = 1e6;

describe("open loop", () => {
  test("sends at the intended instants, whatever the server does", async () => {
    const { column, run } = await runVirtually({
      strategy: { type_: "constant", rate: 10, ...paced },
      constraints: [{ kind: "max_requests", count: 5 }],
      script: () => ({ latencyNs: 400 * MS, ending: "final" }),
    });
    expect(column("intended_start_ns")).toEqual([100, 200, 300, 400, 500].map((ms) => ms * MS));
    expect(column("send_ns")).toEqual([100, 200, 300, 400, 500].map((ms) => ms * MS));
    expect(run.diagnostics[0]).toMatchObject({ lateSends: 0, delayedByCap: 0, delayedByData: 0, endedBy: "limit" });
  });

  test.each([1, 2, 3, 7])("the schedule does not depend on the number of workers (%d)", async (workers) => {
    const { column } = await runVirtually({
      strategy: { type_: "poisson", rate: 100, random_seed: 7, ...paced },
      workers,
      constraints: [{ kind: "max_requests", count: 50 }],
    });
    const single = await runVirtually({
      strategy: { type_: "poisson", rate: 100, random_seed: 7, ...paced },
      constraints: [{ kind: "max_requests", count: 50 }],
    });
    expect(column("index")).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(column("conversation_index")).toEqual(column("index"));
    expect(column("send_ns")).toEqual(single.column("send_ns"));
  });

  test("a full cap delays sends, counts them, and keeps their intended instants", async () => {
    const { column, run, backends } = await runVirtually({
      strategy: { type_: "constant", rate: 10, max_concurrency: 1, rampup_duration: 0 },
      constraints: [{ kind: "max_requests", count: 4 }],
      script: () => ({ latencyNs: 300 * MS, ending: "final" }),
    });
    expect(column("intended_start_ns")).toEqual([100, 200, 300, 400].map((ms) => ms * MS));
    expect(column("send_ns")).toEqual([100, 400, 700, 1000].map((ms) => ms * MS));
    expect(backends[0]?.mostInFlight).toBe(1);
    expect(run.diagnostics[0]).toMatchObject({ delayedByCap: 3, lateSends: 3 });
  });

  test("what was due and not sent when the time was up is counted, not issued", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "constant", rate: 10, max_concurrency: 1, rampup_duration: 0 },
      constraints: [{ kind: "max_duration", seconds: 1.05 }],
      script: () => ({ latencyNs: 500 * MS, ending: "final" }),
    });
    // Sent at 0.1, 0.6 and (the third) never: 1.1 is past the end; ten were due.
    expect(run.state).toMatchObject({ createdRequests: 2, successfulRequests: 1, cancelledRequests: 1 });
    expect(run.diagnostics[0]?.dueNotSent).toBe(8);
  });

  test("late data is counted and the intended instant kept", async () => {
    const { column, run } = await runVirtually({
      strategy: { type_: "constant", rate: 10, ...paced },
      constraints: [{ kind: "max_requests", count: 2 }],
      data: new GraphList(2),
    });
    expect(column("intended_start_ns")).toEqual([100 * MS, 200 * MS]);
    expect(run.diagnostics[0]?.delayedByData).toBe(0);
  });

  test("later turns take the place of new conversations, so that the rate counts requests", async () => {
    const { column, backends, run } = await runVirtually({
      strategy: { type_: "constant", rate: 5, ...paced },
      data: new GraphList(2, (index) => chainGraph(index, 3)),
      script: () => ({ latencyNs: 50 * MS, ending: "final" }),
    });
    expect(backends[0]?.calls.map((call) => call.requestId)).toEqual(["0.0", "0.1", "0.2", "1.0", "1.1", "1.2"]);
    expect(column("send_ns")).toEqual([200, 400, 600, 800, 1000, 1200].map((ms) => ms * MS));
    expect(backends[0]?.calls[2]?.history).toEqual(["answer to 0.0", "answer to 0.1"]);
    expect(column("turn_index")).toEqual([0, 1, 2, 0, 1, 2]);
    expect(run.dataset.exhausted).toBe(true);
  });

  test("at the end of the data a turn that is not ready does not lose its instant", async () => {
    const { column } = await runVirtually({
      strategy: { type_: "constant", rate: 10, ...paced },
      data: new GraphList(1, (index) => chainGraph(index, 2)),
      script: () => ({ latencyNs: 350 * MS, ending: "final" }),
    });
    expect(column("send_ns")).toEqual([100 * MS, 450 * MS]);
    expect(column("intended_start_ns")).toEqual([100 * MS, 450 * MS]);
  });
});

describe("closed loop", () => {
  test("synchronous sends when the last request has ended", async () => {
    const { column } = await runVirtually({
      strategy: { type_: "synchronous" },
      constraints: [{ kind: "max_requests", count: 3 }],
      script: () => ({ latencyNs: 200 * MS, ending: "final" }),
    });
    expect(column("intended_start_ns")).toEqual([0, 200 * MS, 400 * MS]);
    expect(column("send_ns")).toEqual([0, 200 * MS, 400 * MS]);
  });

  test("streams start over the ramp and stay at their number", async () => {
    const { column, backends } = await runVirtually({
      strategy: { type_: "concurrent", streams: 4, rampup_duration: 2 },
      constraints: [{ kind: "max_requests", count: 9 }],
      script: () => ({ latencyNs: 5000 * MS, ending: "final" }),
    });
    expect(column("send_ns").slice(0, 5)).toEqual([0, 500, 1000, 1500, 5000].map((ms) => ms * MS));
    expect(backends[0]?.mostInFlight).toBe(4);
  });

  test("a limit is exact over all workers", async () => {
    const { run, column } = await runVirtually({
      strategy: { type_: "throughput", max_concurrency: 8, rampup_duration: 0 },
      workers: 3,
      constraints: [{ kind: "max_requests", count: 21 }],
    });
    expect(run.state).toMatchObject({ createdRequests: 21, successfulRequests: 21, cancelledRequests: 0 });
    expect(column("index")).toEqual(Array.from({ length: 21 }, (_, index) => index));
    expect(run.stopReasons).toEqual([{ kind: "max_requests", stoppingScope: "current" }]);
  });

  test("a stream carries its conversation through, with history", async () => {
    const { backends, column } = await runVirtually({
      strategy: { type_: "concurrent", streams: 2, rampup_duration: 0 },
      data: new GraphList(2, (index) => chainGraph(index, 2)),
    });
    expect(backends[0]?.calls.map((call) => [call.requestId, call.history])).toEqual([
      ["0.0", null],
      ["1.0", null],
      ["0.1", ["answer to 0.0"]],
      ["1.1", ["answer to 1.0"]],
    ]);
    expect(column("preceding_nodes")).toEqual([0, 0, 1, 1]);
    expect(column("predecessor_completed_ns")).toEqual([Number.NaN, Number.NaN, 50 * MS, 50 * MS]);
  });

  test("a backend that needs no time does not keep the run from ending", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "concurrent", streams: 2, rampup_duration: 0 },
      constraints: [{ kind: "max_requests", count: 500 }],
      script: () => ({ latencyNs: 0, ending: "refused" }),
    });
    expect(run.state).toMatchObject({ createdRequests: 500, erroredRequests: 500 });
  });
});

describe("ends", () => {
  test("all outcomes are told apart", async () => {
    const endings = ["final", "errored", "throws", "silent", "refused", "cancelled"] as const;
    const { run, column } = await runVirtually({
      strategy: { type_: "synchronous" },
      data: new GraphList(endings.length),
      script: (requestId) => ({ latencyNs: MS, ending: endings[Number.parseInt(requestId, 10)] ?? "final" }),
    });
    const { completed, errored, cancelledStarted } = RECORD_STATUS;
    expect(column("status")).toEqual([completed, errored, errored, errored, errored, cancelledStarted]);
    expect(run.failures).toEqual([
      expect.objectContaining({ code: "CORE_BACKEND_RESOLVE_THREW", count: 2 }),
      expect.objectContaining({
        code: "TEST_BROKEN",
        count: 1,
        first: expect.objectContaining({ message: "broken 1.0" }),
      }),
      expect.objectContaining({ code: "CORE_SCHEDULER_PREPARE_FAILED", count: 1 }),
    ]);
    expect(run.state).toMatchObject({
      createdRequests: 6,
      successfulRequests: 1,
      erroredRequests: 4,
      cancelledRequests: 1,
    });
  });

  test("an empty source ends at once with a clear error", async () => {
    const run = runVirtually({ strategy: { type_: "synchronous" }, data: new GraphList(0), withinSeconds: 1 });
    await expect(run).rejects.toMatchObject({ code: "CORE_SCHEDULER_NO_DATA" });
  });

  test("the end of the data is the end of the run", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "constant", rate: 10, ...paced },
      workers: 2,
      data: new GraphList(5),
    });
    expect(run.state).toMatchObject({ createdRequests: 5, successfulRequests: 5 });
    expect(run.dataset.exhausted).toBe(true);
    expect(run.stopReasons).toEqual([{ kind: "requests_exhausted", stoppingScope: "current" }]);
    expect(run.state.progress).toMatchObject({ remainingRequests: 0, totalRequests: 5 });
  });

  test("a server that never answers ends at the limit", async () => {
    const { run, column } = await runVirtually({
      strategy: { type_: "concurrent", streams: 3, rampup_duration: 0 },
      constraints: [{ kind: "max_duration", seconds: 2 }],
      script: () => ({ latencyNs: 1e15, ending: "final" }),
      withinSeconds: 2.1,
    });
    expect(run.state).toMatchObject({ createdRequests: 3, cancelledRequests: 3, endProcessingNs: run.startNs + 2e9 });
    expect(column("resolve_end_ns")).toEqual([2e9, 2e9, 2e9]);
    expect(run.failures).toEqual([]);
  });

  test("the grace period lets requests in flight end", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "concurrent", streams: 2, rampup_duration: 0 },
      constraints: [{ kind: "max_duration", seconds: 2 }],
      graceSeconds: 1,
      script: (requestId) => ({ latencyNs: requestId === "0.0" ? 2.5e9 : 1e15, ending: "final" }),
      withinSeconds: 3.1,
    });
    expect(run.state).toMatchObject({
      successfulRequests: 1,
      cancelledRequests: 1,
      endProcessingNs: run.startNs + 2e9,
    });
    expect(run.state.endQueuingNs).toBe(run.startNs + 2e9);
  });

  test("a backend that ignores the abort ends at the hard deadline and is named", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "concurrent", streams: 2, rampup_duration: 0 },
      constraints: [{ kind: "max_duration", seconds: 2 }],
      script: () => ({ latencyNs: 0, ending: "ignores-abort" }),
      withinSeconds: 4.1,
    });
    expect(run.state).toMatchObject({ createdRequests: 2, cancelledRequests: 2 });
    expect(run.failures).toEqual([
      expect.objectContaining({
        code: "CORE_SCHEDULER_ABORT_IGNORED",
        count: 2,
        first: expect.objectContaining({ message: expect.stringContaining("worker 0") }),
      }),
    ]);
    expect(run.diagnostics[0]?.abandoned).toBe(2);
  });

  test("max_errors stops after that many errors", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "concurrent", streams: 4, rampup_duration: 0 },
      workers: 2,
      constraints: [{ kind: "max_errors", count: 3, stopping_scope: "all" }],
      script: () => ({ latencyNs: 10 * MS, ending: "errored" }),
    });
    expect(run.state).toMatchObject({ createdRequests: 6, erroredRequests: 3, cancelledRequests: 3 });
    expect(run.stopAll).toBe(true);
    expect(run.stopReasons).toEqual([{ kind: "max_errors", stoppingScope: "all" }]);
  });

  test("min_requests keeps the load full until it is reached and cuts the surplus", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "concurrent", streams: 3, rampup_duration: 0 },
      constraints: [{ kind: "min_requests", count: 7 }],
      script: (requestId) => ({ latencyNs: (100 + Number.parseInt(requestId, 10)) * MS, ending: "final" }),
    });
    expect(run.state).toMatchObject({ createdRequests: 9, successfulRequests: 7, cancelledRequests: 2 });
    expect(run.state.progress).toMatchObject({ remainingRequests: 0, totalRequests: 7 });
  });

  test("an interrupt ends the run and is a reason of its own", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "concurrent", streams: 2, rampup_duration: 0 },
      during: (time, controller) => void time.plan(1.23e9, () => controller.interrupt()),
      withinSeconds: 1.3,
    });
    expect(run.stopReasons).toEqual([{ kind: "interrupt", stoppingScope: "all" }]);
    expect(run.state.endProcessingNs).toBe(1.23e9);
  });

  test.each([
    ["an interrupt", (controller: RunController) => controller.interrupt()],
    ["a cut", (controller: RunController) => controller.cut()],
  ])("%s while the workers wait for the data ends the run", async (_name, end) => {
    const { run } = await runVirtually({
      strategy: { type_: "concurrent", streams: 2, rampup_duration: 0 },
      workers: 2,
      data: SILENT_DATA,
      during: (time, controller) => void time.plan(1e9, () => end(controller)),
      withinSeconds: 1.1,
    });
    expect(run.failure).toBeNull();
    expect(run.stopReasons).toEqual([{ kind: "interrupt", stoppingScope: "all" }]);
    expect(run.state).toMatchObject({ createdRequests: 0, startNs: 1e9, endProcessingNs: 1e9 });
  });

  test("an interrupt before the first instant leaves a run of no length", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "concurrent", streams: 2, rampup_duration: 0 },
      during: (time, controller) => void time.plan(1e6, () => controller.interrupt()),
      withinSeconds: 0.1,
    });
    expect(run.state).toMatchObject({ createdRequests: 0, endProcessingNs: run.startNs });
  });

  test("a limit of time ends a slow open loop at that time, not at its next send", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "constant", rate: 0.1, ...paced },
      constraints: [{ kind: "max_duration", seconds: 3 }],
    });
    expect(run.state).toMatchObject({ createdRequests: 0, endProcessingNs: run.startNs + 3e9 });
    expect(run.state.endNs - run.startNs).toBe(3e9);
  });
});

describe("conversations", () => {
  const edges = [
    { source: "a", target: "b", historyContext: "new" },
    { source: "a", target: "c", historyContext: "full" },
    { source: "b", target: "d", historyContext: "last" },
  ] as const;

  test("a failure cancels what depends on it and nothing else", async () => {
    const { run, backends } = await runVirtually({
      strategy: { type_: "synchronous" },
      data: new GraphList(1, () => graphOf("g", ["a", "b", "c", "d"], edges)),
      script: (requestId) => ({ latencyNs: MS, ending: requestId === "b" ? "errored" : "final" }),
    });
    expect(backends[0]?.calls.map((call) => call.requestId)).toEqual(["a", "b", "c"]);
    expect(run.state).toMatchObject({
      createdRequests: 4,
      successfulRequests: 2,
      erroredRequests: 1,
      cancelledRequests: 1,
    });
    expect([...run.table.column("status")]).toContain(RECORD_STATUS.cancelledNeverStarted);
  });

  test("a limit truncates a conversation", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "synchronous" },
      constraints: [{ kind: "max_requests", count: 4 }],
      data: new GraphList(2, (index) => chainGraph(index, 3)),
    });
    expect(run.state).toMatchObject({ createdRequests: 4, successfulRequests: 4 });
  });

  test("data that breaks in the middle ends the run with what there is", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "synchronous" },
      data: new GraphList(9, (index) => {
        if (index === 3) throw new Error("row 3 is broken");
        return chainGraph(index);
      }),
    });
    expect(run.failure?.message).toContain("row 3 is broken");
    expect(run.table.count).toBe(run.state.processedRequests);
    expect(run.state.processedRequests).toBeGreaterThan(0);
  });
});

test("texts are kept for the first requests and an even draw of the rest", async () => {
  const { run } = await runVirtually({
    strategy: { type_: "synchronous" },
    data: new GraphList(300),
    sampling: { firstPerWorker: 2, reservoirPerWorker: 5, seed: 1 },
  });
  expect(run.samples).toHaveLength(7);
  expect(run.samples.slice(0, 2).map((sample) => sample.index)).toEqual([0, 1]);
  expect(run.samples[0]).toMatchObject({
    status: "completed",
    response: { text: "answer to 0.0" },
    conversationId: "0",
  });
  expect(Math.max(...run.samples.map((sample) => sample.index))).toBeGreaterThan(100);
});

test("snapshots follow the run", async () => {
  const seen: number[] = [];
  await runVirtually({
    strategy: { type_: "concurrent", streams: 2, rampup_duration: 0 },
    constraints: [{ kind: "max_duration", seconds: 1 }],
    onUpdate: (snapshot) => {
      expect(snapshot.created).toBe(snapshot.processed + snapshot.inFlight);
      seen.push(snapshot.remainingFraction ?? Number.NaN);
    },
  });
  expect(seen.length).toBeGreaterThanOrEqual(10);
  expect(seen[0]).toBe(1);
  expect(seen.at(-1)).toBeLessThan(0.15);
});

import type { ConversationEdge, ConversationGraph } from "@core/data";
import { RECORD_STATUS } from "@core/metrics";
import { describe, expect, test } from "@jest/globals";
import { GraphList, graphOf } from "../../test/support/graphs.js";
import { runVirtually, type VirtualRun } from "../../test/support/virtual-run.js";
import type { StrategyArgs } from "../strategy/strategy-args.js";

const MS = 1e6;
const paced = { max_concurrency: null, rampup_duration: 0 };

function edge(source: string, target: string, historyContext: ConversationEdge["historyContext"] = "full") {
  return { source, target, historyContext };
}

/** Two workers that a main agent starts at its first turn, beside its second, and whose answers its third shows. */
const FORK = [
  edge("m1", "m2"),
  edge("m2", "m3"),
  edge("m1", "w1", "new"),
  edge("m1", "w2", "new"),
  edge("w1", "m3", "last"),
  edge("w2", "m3", "last"),
];
const FORK_NODES = ["m1", "m2", "w1", "w2", "m3"];

/** One conversation; think time in seconds after each of the named nodes. */
function one(
  names: readonly string[],
  edges: readonly ConversationEdge[],
  thinkSeconds: Readonly<Record<string, number>> = {},
): GraphList {
  const graph: ConversationGraph = graphOf("g", names, edges, null, (at) => ({
    requeueDelaySeconds: thinkSeconds[names[at] ?? ""] ?? null,
  }));
  return new GraphList(1, () => graph);
}

function streams(count: number): StrategyArgs {
  return { type_: "concurrent", streams: count, rampup_duration: 0 };
}

/** When each request was sent, in milliseconds after the start. */
function sent({ backends, run }: VirtualRun): Record<string, number> {
  const calls = backends.flatMap((backend) => backend.calls);
  return Object.fromEntries(calls.map(({ requestId, atNs }) => [requestId, Math.round((atNs - run.startNs) / MS)]));
}

describe("branches and joins", () => {
  test("branches overlap with nothing else to send, and a join waits for all of them", async () => {
    const lengths: Record<string, number> = { m1: 100, m2: 50, w1: 500, w2: 300, m3: 10 };
    const virtual = await runVirtually({
      strategy: streams(4),
      data: one(FORK_NODES, FORK),
      script: (requestId) => ({ latencyNs: (lengths[requestId] ?? 0) * MS, ending: "final" }),
    });
    expect(sent(virtual)).toEqual({ m1: 0, m2: 100, w1: 100, w2: 100, m3: 600 });
    expect(virtual.backends[0]?.mostInFlight).toBe(3);
    expect(virtual.backends[0]?.calls.map(({ requestId, history }) => [requestId, history])).toEqual([
      ["m1", null],
      ["m2", ["answer to m1"]],
      ["w1", null],
      ["w2", null],
      ["m3", ["answer to m1", "answer to m2", "answer to w1", "answer to w2"]],
    ]);
    expect(virtual.column("turn_index")).toEqual([0, 1, 0, 0, 2]);
    expect(virtual.column("predecessor_completed_ns")).toEqual([Number.NaN, 100, 100, 100, 600].map((ms) => ms * MS));
  });

  test("more branches than streams wait for a stream", async () => {
    const virtual = await runVirtually({
      strategy: streams(2),
      data: one(FORK_NODES, FORK),
      script: () => ({ latencyNs: 100 * MS, ending: "final" }),
    });
    expect(sent(virtual)).toEqual({ m1: 0, m2: 100, w1: 100, w2: 200, m3: 300 });
    expect(virtual.backends[0]?.mostInFlight).toBe(2);
  });

  test("several requests without parents are all sent", async () => {
    const virtual = await runVirtually({
      strategy: streams(3),
      data: one(["a", "b", "c"], [edge("a", "c"), edge("b", "c", "last")]),
      script: () => ({ latencyNs: 100 * MS, ending: "final" }),
    });
    expect(sent(virtual)).toEqual({ a: 0, b: 0, c: 100 });
    expect(virtual.run.stopReasons).toMatchObject([{ kind: "requests_exhausted" }]);
  });

  test("at a rate, branches take instants of their own", async () => {
    const virtual = await runVirtually({
      strategy: { type_: "constant", rate: 10, ...paced },
      data: one(FORK_NODES, FORK),
      script: () => ({ latencyNs: 150 * MS, ending: "final" }),
    });
    // m1 at 100 ms ends at 250; the instants 200, 300, 400 follow, the first of them late; m3 when w2 has ended at 550.
    expect(sent(virtual)).toEqual({ m1: 100, m2: 250, w1: 300, w2: 400, m3: 550 });
    expect(virtual.column("intended_start_ns")).toEqual([100, 250, 300, 400, 550].map((ms) => ms * MS));
    expect(virtual.run.diagnostics[0]).toMatchObject({ delayedByHistory: 2, delayedByData: 0, dueNotSent: 0 });
  });
});

describe("think time", () => {
  test("is kept after the end of the last parent, whose own it is", async () => {
    const virtual = await runVirtually({
      strategy: streams(2),
      data: one(["a", "b", "c"], [edge("a", "c"), edge("b", "c", "last")], { a: 10, b: 0.2 }),
      script: (requestId) => ({ latencyNs: requestId === "b" ? 5e9 : 1e9, ending: "final" }),
    });
    expect(sent(virtual)).toMatchObject({ c: 5200 });
    expect(virtual.column("intended_start_ns").at(-1)).toBe(5.2e9);
    expect(virtual.column("predecessor_completed_ns").at(-1)).toBe(5e9);
  });

  test("holds no stream: others send meanwhile", async () => {
    const graphs = new GraphList(3, (index) =>
      graphOf(String(index), [`${index}.0`, `${index}.1`], [edge(`${index}.0`, `${index}.1`)], 1),
    );
    const virtual = await runVirtually({
      strategy: streams(1),
      data: graphs,
      script: () => ({ latencyNs: 100 * MS, ending: "final" }),
    });
    expect(sent(virtual)).toEqual({ "0.0": 0, "1.0": 100, "2.0": 200, "0.1": 1100, "1.1": 1200, "2.1": 1300 });
  });

  test("takes no instant of a schedule", async () => {
    const graphs = new GraphList(2, (index) =>
      graphOf(String(index), [`${index}.0`, `${index}.1`], [edge(`${index}.0`, `${index}.1`)], 1),
    );
    const virtual = await runVirtually({
      strategy: { type_: "constant", rate: 2, ...paced },
      data: graphs,
      script: () => ({ latencyNs: 100 * MS, ending: "final" }),
    });
    // 0.1 is ready at 1600, after the instant 1500 that nothing could use before; 1.1 at 2100, after 2000.
    expect(sent(virtual)).toEqual({ "0.0": 500, "1.0": 1000, "0.1": 1600, "1.1": 2100 });
  });

  test("a limit of time ends a run that only thinks", async () => {
    const { run } = await runVirtually({
      strategy: streams(1),
      data: one(["a", "b"], [edge("a", "b")], { a: 100 }),
      constraints: [{ kind: "max_duration", seconds: 2 }],
      withinSeconds: 2.1,
    });
    expect(run.state).toMatchObject({ createdRequests: 1, successfulRequests: 1, endProcessingNs: run.startNs + 2e9 });
  });
});

describe("failures", () => {
  test.each(["errored", "throws", "cancelled", "refused"] as const)(
    "a branch that ends as %s cancels what depends on it, not what runs beside it",
    async (ending) => {
      const virtual = await runVirtually({
        strategy: streams(4),
        data: one([...FORK_NODES, "m4"], [...FORK, edge("m3", "m4")]),
        script: (requestId) =>
          requestId === "w1" ? { latencyNs: 10 * MS, ending } : { latencyNs: 500 * MS, ending: "final" },
      });
      const { state, table } = virtual.run;
      expect(Object.keys(sent(virtual)).sort()).toEqual(
        (ending === "refused" ? ["m1", "m2", "w2"] : ["m1", "m2", "w1", "w2"]).sort(),
      );
      const cancelled = ending === "cancelled" ? 3 : 2;
      expect(state).toMatchObject({
        createdRequests: 6,
        successfulRequests: 3,
        cancelledRequests: cancelled,
        erroredRequests: 3 - cancelled,
      });
      const lost = [...table.column("status")].filter((status) => status === RECORD_STATUS.cancelledNeverStarted);
      expect(lost).toHaveLength(2);
      expect(state.endProcessingNs).toBe(virtual.run.startNs + 1e9);
    },
  );

  test("branches that are cut keep what had arrived, and end once each", async () => {
    const { run } = await runVirtually({
      strategy: streams(4),
      data: one(FORK_NODES, FORK),
      constraints: [{ kind: "max_duration", seconds: 0.2 }],
      sampling: { firstPerWorker: 10, reservoirPerWorker: 0, seed: 1 },
      script: (requestId) => ({ latencyNs: requestId === "m1" ? 100 * MS : 1e15, ending: "final" }),
      withinSeconds: 0.3,
    });
    expect(run.state).toMatchObject({ createdRequests: 4, successfulRequests: 1, cancelledRequests: 3 });
    const cut = run.samples.filter(({ status }) => status === "cancelled");
    expect(cut.map(({ nodeId, response }) => [nodeId, response?.text])).toEqual(
      ["m2", "w1", "w2"].map((name) => [name, `answer to ${name}`]),
    );
  });

  test("other conversations go on", async () => {
    const { run } = await runVirtually({
      strategy: streams(3),
      data: new GraphList(5, (index) =>
        graphOf(String(index), [`${index}.0`, `${index}.1`], [edge(`${index}.0`, `${index}.1`)]),
      ),
      script: (requestId) => ({ latencyNs: MS, ending: requestId === "2.0" ? "errored" : "final" }),
    });
    expect(run.state).toMatchObject({ successfulRequests: 8, erroredRequests: 1, cancelledRequests: 1 });
  });
});

test.each([1, 2, 3, 7, 10])("idle workers use up no instant: three conversations, %d workers", async (workers) => {
  const virtual = await runVirtually({
    strategy: { type_: "constant", rate: 4, ...paced },
    workers,
    data: new GraphList(3, (index) =>
      graphOf(String(index), [`${index}.0`, `${index}.1`], [edge(`${index}.0`, `${index}.1`)]),
    ),
    script: () => ({ latencyNs: 50 * MS, ending: "final" }),
  });
  expect(virtual.column("send_ns")).toEqual([250, 500, 750, 1000, 1250, 1500].map((ms) => ms * MS));
  expect(virtual.column("intended_start_ns")).toEqual(virtual.column("send_ns"));
});

test.each([2, 3, 5])(
  "a conversation keeps its instant, however slow the server and its workers (%d)",
  async (workers) => {
    const virtual = await runVirtually({
      strategy: { type_: "constant", rate: 10, max_concurrency: workers, rampup_duration: 0 },
      workers,
      data: new GraphList(40),
      script: (requestId) => ({
        latencyNs: ((Number.parseInt(requestId, 10) * 7919) % 13) * 100 * MS,
        ending: "final",
      }),
    });
    const intended = virtual.column("intended_start_ns");
    const conversations = virtual.column("conversation_index");
    expect(conversations.map((conversation, at) => [conversation, intended[at]])).toEqual(
      conversations.map((conversation) => [conversation, (conversation + 1) * 100 * MS]),
    );
  },
);

test("an instant that a worker leaves is taken by a turn that waits for a later one", async () => {
  const graphs = new GraphList(3, (index) =>
    index === 0 ? graphOf("0", ["0.0", "0.1"], [edge("0.0", "0.1")]) : graphOf(String(index), [`${index}.0`], []),
  );
  const virtual = await runVirtually({
    strategy: { type_: "constant", rate: 10, ...paced },
    workers: 2,
    data: graphs, // the first worker has conversations 0 and 2, the second has conversation 1
    script: () => ({ latencyNs: 150 * MS, ending: "final" }),
  });
  // 0.1 is ready at 250. The instant 400 would be the second worker's, which is done; 300 the first worker's next.
  expect(sent(virtual)).toEqual({ "0.0": 100, "1.0": 200, "0.1": 300, "2.0": 400 });
});

import type { ConversationEdge, ConversationGraph } from "@core/data";
import { RECORD_STATUS } from "@core/metrics";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { GraphList, graphOf } from "../../test/support/graphs.js";
import type { Script } from "../../test/support/scripted-backend.js";
import { runVirtually, type VirtualRun } from "../../test/support/virtual-run.js";
import { LOAD_UNITS, WHEN_BEHIND } from "../strategy/pacing.js";
import type { StrategyArgs } from "../strategy/strategy-args.js";

interface Shape {
  /** Of each node, the earlier nodes that it follows, as shares of their number, and what it shows of them. */
  readonly parents: readonly (readonly [share: number, context: ConversationEdge["historyContext"]])[][];
  readonly thinkSeconds: readonly (number | null)[];
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  parents: fc.array(
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.constantFrom<ConversationEdge["historyContext"]>("full", "last", "new"),
      ),
      { maxLength: 3 },
    ),
    { minLength: 1, maxLength: 7 },
  ),
  thinkSeconds: fc.array(fc.constantFrom(null, null, 0.05, 0.4), { minLength: 7, maxLength: 7 }),
});

/** A graph without cycles: a node follows earlier nodes only, with one full parent at most. */
function toGraph(shape: Shape, index: number): ConversationGraph {
  const names = shape.parents.map((_, at) => `${index}.${at}`);
  const edges = shape.parents.flatMap((parents, at) => {
    if (at === 0) return [];
    let hasFull = false;
    return parents.map(([share, context]): ConversationEdge => {
      const historyContext = context === "full" && hasFull ? "last" : context;
      hasFull ||= context === "full";
      return { source: names[Math.floor(share * at)] ?? "", target: names[at] ?? "", historyContext };
    });
  });
  return graphOf(String(index), names, edges, null, (at) => ({
    requeueDelaySeconds: shape.thinkSeconds[at] ?? null,
    relativeTimestampSeconds: index * 0.05 + at * 0.02,
  }));
}

const concurrency_unit = fc.constantFrom(...LOAD_UNITS);
const pacing = {
  concurrency_unit,
  rate_unit: fc.constantFrom(...LOAD_UNITS),
  when_behind: fc.constantFrom(...WHEN_BEHIND),
};
const rated = {
  rate: fc.integer({ min: 5, max: 200 }),
  max_concurrency: fc.option(fc.integer({ min: 4, max: 12 })),
  ...pacing,
};
const strategies: fc.Arbitrary<StrategyArgs> = fc.oneof(
  fc.record({
    type_: fc.constant("concurrent" as const),
    streams: fc.integer({ min: 4, max: 8 }),
    rampup_duration: fc.constantFrom(0, 0.5),
    concurrency_unit,
  }),
  fc.record({ type_: fc.constant("constant" as const), ...rated, rampup_duration: fc.constant(0) }),
  fc.record({
    type_: fc.constant("poisson" as const),
    ...rated,
    random_seed: fc.integer(),
    rampup_duration: fc.constant(0),
  }),
  fc.record({
    type_: fc.constant("trace" as const),
    max_concurrency: fc.option(fc.integer({ min: 4, max: 12 })),
    time_scale: fc.constant(1),
    schedule_turn: fc.constantFrom("idle_gap" as const, "timestamp" as const),
  }),
);
const scripts: fc.Arbitrary<readonly Script[]> = fc.array(
  fc.record({
    latencyNs: fc.constantFrom(0, 1e6, 20e6, 50e6, 100e6, 1e15),
    ending: fc.constantFrom("final", "final", "final", "final", "errored", "throws", "refused", "cancelled"),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Sent requests by name; a name twice is a fault. */
function expectSentOnce({ backends }: VirtualRun): Set<string> {
  const sent = backends.flatMap((backend) => backend.calls.map((call) => call.requestId));
  expect(new Set(sent).size).toBe(sent.length);
  expect(backends.map((backend) => backend.inFlight)).toEqual(backends.map(() => 0));
  return new Set(sent);
}

function expectConserved({ run }: VirtualRun): void {
  const { state, table } = run;
  expect(run.failure).toBeNull();
  expect(state.createdRequests).toBe(state.successfulRequests + state.erroredRequests + state.cancelledRequests);
  expect(state.processedRequests).toBe(state.createdRequests);
  expect(table.count).toBe(state.createdRequests);
  const nodes = [...table.column("conversation_index")].map(
    (conversation, row) => `${conversation}/${table.get(row, "preceding_nodes")}`,
  );
  expect(new Set(nodes).size).toBe(nodes.length); // one terminal state each
}

/** No request is sent before those that it follows have ended, and none after one that did not complete. */
function expectOrdered({ run, backends }: VirtualRun, graphs: readonly ConversationGraph[]): void {
  const { table } = run;
  const sentNs = new Map(backends.flatMap((backend) => backend.calls.map((call) => [call.requestId, call.atNs])));
  for (let row = 0; row < table.count; row += 1) {
    const completedNs = table.get(row, "predecessor_completed_ns");
    if (table.get(row, "status") === RECORD_STATUS.cancelledNeverStarted) continue;
    if (!Number.isNaN(table.get(row, "send_ns")) && !Number.isNaN(completedNs)) {
      expect(table.get(row, "send_ns")).toBeGreaterThanOrEqual(completedNs);
    }
  }
  for (const { edges } of graphs) {
    for (const { source, target } of edges) if (sentNs.has(target)) expect(sentNs.has(source)).toBe(true);
  }
}

test("any graphs, failures and ends: each request ends once, in order, and nothing is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        strategy: strategies,
        workers: fc.integer({ min: 1, max: 4 }),
        shapes: fc.array(shapes, { minLength: 1, maxLength: 10 }),
        scripts,
        graceSeconds: fc.constantFrom(0, 0.05, 0.5),
        limits: fc.subarray([
          { kind: "max_requests", count: 17 },
          { kind: "min_requests", count: 9 },
          { kind: "max_errors", count: 3 },
        ]),
        interruptSeconds: fc.option(fc.constantFrom(0.1, 0.25, 0.6)),
      }),
      async (given) => {
        const graphs = given.shapes.map(toGraph);
        const virtual = await runVirtually({
          ...given,
          data: new GraphList(graphs.length, (index) => graphs[index] ?? toGraph(given.shapes[0] as Shape, index)),
          constraints: [...given.limits, { kind: "max_duration", seconds: 2 }],
          script: (requestId) => {
            const [conversation = 0, node = 0] = requestId.split(".").map(Number);
            return given.scripts[(conversation * 7 + node) % given.scripts.length] ?? { latencyNs: 0, ending: "final" };
          },
          during: (time, controller) => {
            if (given.interruptSeconds !== null) time.plan(given.interruptSeconds * 1e9, () => controller.interrupt());
          },
          withinSeconds: 4,
        });
        expectSentOnce(virtual);
        expectConserved(virtual);
        expectOrdered(virtual, graphs);
        if (given.limits.some((limit) => limit.kind === "max_requests")) {
          const skipped = [...virtual.run.table.column("index")].filter(Number.isNaN).length;
          expect(virtual.run.state.createdRequests - skipped).toBeLessThanOrEqual(17);
        }
      },
    ),
    { numRuns: 400 },
  );
}, 60_000);

test("with nothing in the way, every request of every graph is sent", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        strategy: strategies,
        workers: fc.integer({ min: 1, max: 4 }),
        shapes: fc.array(shapes, { minLength: 1, maxLength: 10 }),
      }),
      async (given) => {
        const graphs = given.shapes.map(toGraph);
        const virtual = await runVirtually({
          ...given,
          data: new GraphList(graphs.length, (index) => graphs[index] ?? toGraph(given.shapes[0] as Shape, index)),
          script: () => ({ latencyNs: 20e6, ending: "final" }),
        });
        const nodes = graphs.flatMap((graph) => graph.nodes.map((node) => node.nodeId));
        expect([...expectSentOnce(virtual)].sort()).toEqual(nodes.sort());
        expect(virtual.run.state).toMatchObject({ successfulRequests: nodes.length, createdRequests: nodes.length });
        expect(virtual.run.stopReasons).toMatchObject([{ kind: "requests_exhausted" }]);
      },
    ),
    { numRuns: 200 },
  );
}, 60_000);

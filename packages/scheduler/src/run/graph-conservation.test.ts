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
        // Not fc.double, which prefers 0: all edges would come from the first node.
        fc.constantFrom(0, 0.3, 0.5, 0.7, 0.99),
        fc.constantFrom<ConversationEdge["historyContext"]>("full", "last", "new"),
      ),
      { maxLength: 3, size: "max" },
    ),
    { minLength: 1, maxLength: 7, size: "max" },
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
    // Round numbers make ends, starts and cuts fall together; the others let them fall anywhere.
    latencyNs: fc.oneof(fc.constantFrom(0, 1e6, 20e6, 50e6, 100e6, 1e15), fc.integer({ min: 0, max: 400e6 })),
    ending: fc.constantFrom(
      ...(["final", "final", "final", "final", "errored", "throws", "silent", "refused", "cancelled"] as const),
    ),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Ends from outside at any instant, before the start and after the end among them. */
const ends = fc.array(
  fc.record({
    atNs: fc.oneof(
      fc.constantFrom(100e6, 250e6, 600e6),
      fc.integer({ min: 0, max: 700e6 }),
      fc.integer({ min: 0, max: 2_200e6 }),
    ),
    how: fc.constantFrom("interrupt" as const, "cut" as const),
  }),
  { maxLength: 2 },
);

/** How often a property met what it is about. */
class Met {
  readonly #counts = new Map<string, number>();

  note(what: string, isMet: boolean): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + Number(isMet));
  }

  noteRun({ run }: VirtualRun, graphs: readonly ConversationGraph[], isCut: boolean): void {
    const status = [...run.table.column("status")];
    const hasBranch = graphs.some(({ edges }) => countDistinct(edges, "source") > 1);
    const hasJoin = graphs.some(({ edges }) => countDistinct(edges, "target") > 1);
    const hasFailed = run.state.erroredRequests > 0;
    const wasCut = status.includes(RECORD_STATUS.cancelledStarted);
    this.note("branches", hasBranch);
    this.note("joins", hasJoin);
    this.note("requests that failed", hasFailed);
    this.note("requests that were never sent", status.includes(RECORD_STATUS.cancelledNeverStarted));
    this.note("requests cut in flight", isCut && wasCut);
    this.note("all of it in one run", hasBranch && hasJoin && hasFailed && isCut && wasCut);
  }

  /** @throws when something was met less often. */
  expectEach(least: number): void {
    expect([...this.#counts].filter(([, count]) => count < least)).toEqual([]);
  }
}

/** Most different neighbours that a node has at the other end of its edges. */
function countDistinct(edges: readonly ConversationEdge[], end: "source" | "target"): number {
  const other = end === "source" ? "target" : "source";
  const nodes = new Set(edges.map((edge) => edge[end]));
  return Math.max(
    0,
    ...[...nodes].map((node) => new Set(edges.flatMap((edge) => (edge[end] === node ? [edge[other]] : []))).size),
  );
}

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
  const met = new Met();
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
        ends,
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
            for (const { atNs, how } of given.ends) time.plan(atNs, () => controller[how]());
          },
          withinSeconds: 4,
        });
        expectSentOnce(virtual);
        expectConserved(virtual);
        expectOrdered(virtual, graphs);
        met.noteRun(virtual, graphs, given.ends.length > 0);
        if (given.limits.some((limit) => limit.kind === "max_requests")) {
          const skipped = [...virtual.run.table.column("index")].filter(Number.isNaN).length;
          expect(virtual.run.state.createdRequests - skipped).toBeLessThanOrEqual(17);
        }
      },
    ),
    { numRuns: 1000 },
  );
  met.expectEach(100);
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

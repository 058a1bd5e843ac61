import { RECORD_STATUS } from "@core/metrics";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { chainGraph, GraphList } from "../../test/support/graphs.js";
import type { Script } from "../../test/support/scripted-backend.js";
import { runVirtually, type VirtualRun } from "../../test/support/virtual-run.js";
import type { StrategyArgs } from "../strategy/strategy-args.js";

/** Issued = completed + errored + cancelled, one record each, records and totals agree, nothing is left running. */
function expectConserved({ run, backends }: VirtualRun, allowsZombies = false): void {
  const { state, table } = run;
  expect(state.createdRequests).toBe(state.successfulRequests + state.erroredRequests + state.cancelledRequests);
  expect(state.processedRequests).toBe(state.createdRequests);
  expect(state.processingRequests).toBe(0);
  expect(table.count).toBe(state.createdRequests);
  expect(run.failure).toBeNull();
  const statuses = [...table.column("status")];
  expect(statuses.filter((status) => status === RECORD_STATUS.completed)).toHaveLength(state.successfulRequests);
  expect(statuses.filter((status) => status === RECORD_STATUS.errored)).toHaveLength(state.erroredRequests);
  const indices = [...table.column("index")].filter((index) => !Number.isNaN(index));
  expect(new Set(indices).size).toBe(indices.length);
  const sent = backends.reduce((sum, backend) => sum + backend.calls.length, 0);
  const started = [...table.column("resolve_start_ns")].filter((at) => !Number.isNaN(at)).length;
  expect(sent).toBe(started);
  if (!allowsZombies) expect(backends.map((backend) => backend.inFlight)).toEqual(backends.map(() => 0));
}

test("1,000 runs stopped by time at the very instant at which requests end", async () => {
  for (let seed = 0; seed < 1000; seed += 1) {
    const workers = 1 + (seed % 3);
    const streams = workers + (seed % 5);
    const strategy: StrategyArgs =
      seed % 2 === 0
        ? { type_: "concurrent", streams, rampup_duration: 0 }
        : { type_: "constant", rate: 20, max_concurrency: streams, rampup_duration: 0 };
    const virtual = await runVirtually({
      strategy,
      workers,
      constraints: [{ kind: "max_duration", seconds: 0.5 }],
      graceSeconds: seed % 4 === 0 ? 0.1 : 0,
      script: (requestId) => ({
        latencyNs: 50e6 * (1 + ((seed + Number.parseInt(requestId, 10)) % 4)),
        ending: "final",
      }),
      withinSeconds: 1,
    });
    expectConserved(virtual);
    expect(virtual.run.state.createdRequests).toBeGreaterThan(0);
    expect(virtual.run.state.endProcessingNs).toBe(virtual.run.startNs + 0.5e9);
  }
}, 60_000);

const paced = {
  rate: fc.integer({ min: 1, max: 200 }),
  max_concurrency: fc.option(fc.integer({ min: 4, max: 20 })),
  rampup_duration: fc.constantFrom(0, 0.5),
};
const strategies: fc.Arbitrary<StrategyArgs> = fc.oneof(
  fc.record({
    type_: fc.constant("concurrent" as const),
    streams: fc.integer({ min: 4, max: 12 }),
    rampup_duration: fc.constantFrom(0, 0.5),
  }),
  fc.record({
    type_: fc.constant("throughput" as const),
    max_concurrency: fc.integer({ min: 4, max: 30 }),
    rampup_duration: fc.constantFrom(0, 0.3),
  }),
  fc.record({ type_: fc.constant("constant" as const), ...paced }),
  fc.record({ type_: fc.constant("poisson" as const), ...paced, random_seed: fc.integer() }),
);
const scripts: fc.Arbitrary<readonly Script[]> = fc.array(
  fc.record({
    latencyNs: fc.constantFrom(0, 1e6, 20e6, 50e6, 100e6, 1e15),
    ending: fc.constantFrom("final", "final", "final", "errored", "throws", "silent", "refused", "cancelled"),
  }),
  { minLength: 1, maxLength: 12 },
);

test("nothing is lost, whatever requests do and however the run ends", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        strategy: strategies,
        workers: fc.integer({ min: 1, max: 4 }),
        scripts,
        turns: fc.integer({ min: 1, max: 3 }),
        conversations: fc.integer({ min: 1, max: 60 }),
        graceSeconds: fc.constantFrom(0, 0.05, 0.5),
        limits: fc.subarray([
          { kind: "max_requests", count: 17 },
          { kind: "min_requests", count: 9 },
          { kind: "max_errors", count: 3 },
        ]),
        interruptSeconds: fc.option(fc.constantFrom(0.1, 0.25, 0.6)),
      }),
      async (given) => {
        const virtual = await runVirtually({
          ...given,
          data: new GraphList(given.conversations, (index) => chainGraph(index, given.turns)),
          constraints: [...given.limits, { kind: "max_duration", seconds: 1 }],
          script: (requestId) => {
            const [conversation = 0, turn = 0] = requestId.split(".").map(Number);
            return given.scripts[(conversation * 7 + turn) % given.scripts.length] ?? { latencyNs: 0, ending: "final" };
          },
          during: (time, controller) => {
            if (given.interruptSeconds !== null) time.plan(given.interruptSeconds * 1e9, () => controller.interrupt());
          },
          withinSeconds: 3,
        });
        expectConserved(virtual);
        const { state } = virtual.run;
        if (given.limits.some((limit) => limit.kind === "max_requests")) {
          const skipped = [...virtual.run.table.column("index")].filter(Number.isNaN).length;
          expect(state.createdRequests - skipped).toBeLessThanOrEqual(17);
        }
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

test("requests that ignore the abort are recorded once, beside those that obey", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 5 }), async (workers, every) => {
      const virtual = await runVirtually({
        strategy: { type_: "concurrent", streams: 6, rampup_duration: 0 },
        workers,
        constraints: [{ kind: "max_duration", seconds: 1 }],
        script: (requestId) =>
          Number.parseInt(requestId, 10) % every === 1
            ? { latencyNs: 0, ending: "ignores-abort" }
            : { latencyNs: 70e6, ending: "final" },
        withinSeconds: 3.5,
      });
      expectConserved(virtual, true);
    }),
    { numRuns: 30 },
  );
});

import assert from "node:assert/strict";
import { createClock, parseBackendArgs, revealArgs } from "@core/backend";
import type { BackendContractCase, BackendHarness } from "../contract-case.js";
import { createSubject } from "../exchange.js";
import { serveInWorker } from "../serve-in-worker.js";
import type { WorkerResult } from "../worker-message.js";

const WORKERS = 2;

/** Threads other than the one that made the args. */
export const WORKER_CASES: readonly BackendContractCase[] = [
  {
    name: "serves in worker threads, from the same args, on one clock",
    behaviour: "normal",
    needs: ["pluginModule"],
    run: async (harness, pluginModule) => {
      const epochNs = process.hrtime.bigint();
      const clock = createClock(epochNs);
      const { backend, createRequest } = createSubject(harness);
      const count = Math.min(WORKERS, backend.limits().workers ?? WORKERS);
      const orders = Array.from({ length: count }, () => ({
        ...{ pluginModule, epochNs, args: revealArgs(parseBackendArgs(harness.args)), request: createRequest() },
      }));
      const startNs = clock.nowNs();
      const results = await Promise.all(orders.map(serveInWorker));
      const finishNs = clock.nowNs();
      for (const [index, { types, terminal, sendNs, endNs, info }] of results.entries()) {
        assert.equal(types.at(-1), "final", `the last event of worker ${index}: ${JSON.stringify(terminal)}`);
        assert.equal(terminal.response.requestId, orders[index]?.request.requestId, "the answer to its request");
        assert.ok(startNs < sendNs && sendNs <= endNs && endNs < finishNs, "stamps on the clock of all threads");
        assert.equal(info, JSON.stringify(backend.info), "the same info in every thread");
      }
      assertSecretsStay(harness, results);
    },
  },
];

function assertSecretsStay({ secrets = [] }: BackendHarness, results: readonly WorkerResult[]): void {
  const shown = JSON.stringify(results);
  for (const secret of secrets) assert.ok(!shown.includes(secret), "a worker shows a secret");
}

import assert from "node:assert/strict";
import { CoreError, createBackend, createClock, RequestTimings } from "@core/backend";
import type { BackendContractCase } from "../contract-case.js";
import { createContractRequest } from "../contract-request.js";
import { beforeDeadline } from "../deadline.js";
import { completedExchange, withBackend } from "../exchange.js";

/** Start, stop, start again. */
export const LIFECYCLE_CASES: readonly BackendContractCase[] = [
  {
    name: "refuses a second startup",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (backend) => {
        await assert.rejects(backend.startup(), hasCode("CORE_BACKEND_ALREADY_STARTED"));
        await completedExchange(backend);
      }),
  },
  {
    name: "refuses calls before startup",
    behaviour: "normal",
    needs: [],
    run: async ({ args }) => {
      const backend = createBackend(args);
      await assert.rejects(backend.validate(), hasCode("CORE_BACKEND_NOT_STARTED"), "validate");
      await assert.rejects(backend.models(), hasCode("CORE_BACKEND_NOT_STARTED"), "models");
    },
  },
  {
    name: "refuses to resolve after shutdown",
    behaviour: "normal",
    needs: [],
    run: async ({ args }) => {
      const backend = createBackend(args);
      await backend.startup();
      const prepared = backend.prepare(createContractRequest(), null);
      await backend.shutdown();
      const clock = createClock(process.hrtime.bigint());
      const context = { signal: new AbortController().signal, timings: new RequestTimings(), clock, keepText: true };
      const drain = async (): Promise<void> => {
        for await (const event of backend.resolve(prepared, context)) assert.fail(`got ${event.type}`);
      };
      await assert.rejects(drain(), hasCode("CORE_BACKEND_NOT_STARTED"));
    },
  },
  {
    name: "shuts down any number of times, before and after startup",
    behaviour: "normal",
    needs: [],
    run: async ({ args }) => {
      const backend = createBackend(args);
      await backend.shutdown();
      await backend.startup();
      await beforeDeadline(backend.shutdown(), "shutdown");
      await beforeDeadline(backend.shutdown(), "second shutdown");
    },
  },
  {
    name: "serves again after shutdown and startup",
    behaviour: "normal",
    needs: [],
    run: async ({ args }) => {
      const backend = createBackend(args);
      for (let round = 0; round < 2; round += 1) {
        await backend.startup();
        await completedExchange(backend);
        await beforeDeadline(backend.shutdown(), "shutdown");
      }
    },
  },
  {
    name: "warms up without changing what follows",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (backend) => {
        await beforeDeadline(backend.warm(2), "warm");
        await completedExchange(backend);
      }),
  },
];

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(CoreError.isInstance(error), `a CoreError, got ${String(error)}`);
    assert.equal(error.code, code);
    return true;
  };
}

import assert from "node:assert/strict";
import { CoreError, createClock, RequestTimings } from "@core/backend";
import type { BackendContractCase } from "../contract-case.js";
import { beforeDeadline } from "../deadline.js";
import { completedExchange, createSubject, withBackend } from "../exchange.js";

/** Start, stop, start again. */
export const LIFECYCLE_CASES: readonly BackendContractCase[] = [
  {
    name: "refuses a second startup",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        await assert.rejects(subject.backend.startup(), hasCode("CORE_BACKEND_ALREADY_STARTED"));
        await completedExchange(subject);
      }),
  },
  {
    name: "refuses calls before startup",
    behaviour: "normal",
    needs: [],
    run: async (harness) => {
      const { backend } = createSubject(harness);
      await assert.rejects(backend.validate(), hasCode("CORE_BACKEND_NOT_STARTED"), "validate");
      await assert.rejects(backend.models(), hasCode("CORE_BACKEND_NOT_STARTED"), "models");
    },
  },
  {
    name: "refuses to resolve after shutdown",
    behaviour: "normal",
    needs: [],
    run: async (harness) => {
      const subject = createSubject(harness);
      const { backend } = subject;
      await backend.startup();
      const prepared = backend.prepare(subject.createRequest(), null);
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
    run: async (harness) => {
      const { backend } = createSubject(harness);
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
    run: async (harness) => {
      const subject = createSubject(harness);
      const { backend } = subject;
      for (let round = 0; round < 2; round += 1) {
        await backend.startup();
        await completedExchange(subject);
        await beforeDeadline(backend.shutdown(), "shutdown");
      }
    },
  },
  {
    name: "keeps its limits and its info over its whole life",
    behaviour: "normal",
    needs: [],
    run: async (harness) => {
      const subject = createSubject(harness);
      const { backend } = subject;
      const state = (): string =>
        JSON.stringify([backend.limits(), backend.info, backend.kind, backend.startsInParent]);
      const before = state();
      await backend.startup();
      assert.equal(state(), before, "after startup");
      await completedExchange(subject);
      await beforeDeadline(backend.shutdown(), "shutdown");
      assert.equal(state(), before, "after shutdown");
    },
  },
  {
    name: "starts in two instances side by side",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, (one) =>
        withBackend(harness, async (other) => {
          await Promise.all([completedExchange(one), completedExchange(other)]);
          await beforeDeadline(other.backend.shutdown(), "shutdown of the other");
          await completedExchange(one);
        }),
      ),
  },
  {
    name: "warms up without changing what follows",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        await beforeDeadline(subject.backend.warm(2), "warm");
        await completedExchange(subject);
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

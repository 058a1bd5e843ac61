import assert from "node:assert/strict";
import { CoreError, type HistoryTurn } from "@core/backend";
import type { BackendContractCase } from "../contract-case.js";
import { type Subject, withBackend } from "../exchange.js";

/** Work that is done before the intended instant. */
export const PREPARE_CASES: readonly BackendContractCase[] = [
  {
    name: "prepares synchronously and leaves the request as it is",
    behaviour: "normal",
    needs: [],
    run: (harness) => withBackend(harness, async (subject) => checkPrepare(subject, null)),
  },
  {
    name: "prepares a request with earlier turns and carries them",
    behaviour: "normal",
    needs: ["history"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        checkPrepare(subject, Object.freeze([{ request: subject.createRequest(), response: null }]));
      }),
  },
  {
    name: "refuses a request that holds nothing to send, before it is sent",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async ({ backend, createRequest }) => {
        const empty = Object.freeze({ ...createRequest(), columns: Object.freeze({}) });
        assert.throws(
          () => backend.prepare(empty, null),
          (error: unknown) => CoreError.isInstance(error) && error.code === "CORE_BACKEND_UNUSABLE_REQUEST",
          "prepare throws CORE_BACKEND_UNUSABLE_REQUEST",
        );
      }),
  },
  {
    name: "prepares when nothing can be reached",
    behaviour: "unreachable",
    needs: ["unreachable"],
    run: (harness) => withBackend(harness, async (subject) => checkPrepare(subject, null)),
  },
];

function checkPrepare({ backend, createRequest }: Subject, history: readonly HistoryTurn[] | null): void {
  const request = createRequest(); // frozen: changing it throws
  const prepared: unknown = backend.prepare(request, history);
  assert.ok(typeof prepared === "object" && prepared !== null);
  assert.ok(!("then" in prepared), "prepare returns no promise");
  assert.equal((prepared as { readonly request?: unknown }).request, request, "carries the request");
  assert.equal((prepared as { readonly history?: unknown }).history, history, "carries the history");
}

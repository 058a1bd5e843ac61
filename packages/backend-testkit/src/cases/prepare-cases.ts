import assert from "node:assert/strict";
import type { Backend, HistoryTurn } from "@core/backend";
import type { BackendContractCase } from "../contract-case.js";
import { createContractRequest } from "../contract-request.js";
import { withBackend } from "../exchange.js";

/** Work that is done before the intended instant. */
export const PREPARE_CASES: readonly BackendContractCase[] = [
  {
    name: "prepares synchronously and leaves the request as it is",
    behaviour: "normal",
    needs: [],
    run: (harness) => withBackend(harness, async (backend) => checkPrepare(backend)),
  },
  {
    name: "prepares when nothing can be reached",
    behaviour: "unreachable",
    needs: ["unreachable"],
    run: (harness) => withBackend(harness, async (backend) => checkPrepare(backend)),
  },
];

function checkPrepare(backend: Backend): void {
  const request = createContractRequest(); // frozen: changing it throws
  const history: readonly HistoryTurn[] = Object.freeze([{ request: createContractRequest(), response: null }]);
  for (const turns of [null, history]) {
    const prepared: unknown = backend.prepare(request, turns);
    assert.ok(typeof prepared === "object" && prepared !== null);
    assert.ok(!("then" in prepared), "prepare returns no promise");
    assert.equal((prepared as { readonly request?: unknown }).request, request, "carries the request");
    assert.equal((prepared as { readonly history?: unknown }).history, turns, "carries the history");
  }
}

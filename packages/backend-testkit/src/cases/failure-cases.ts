import assert from "node:assert/strict";
import type { BackendContractCase } from "../contract-case.js";
import { exchange, partialOf, withBackend } from "../exchange.js";

/** A request that fails is data, not an exception. */
export const FAILURE_CASES: readonly BackendContractCase[] = [
  {
    name: "reports a failed request as a partial event with its cause",
    behaviour: "failing",
    needs: ["failing"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const result = await exchange(subject);
        const { failure } = partialOf(result, "errored");
        assert.ok(result.timings.endNs >= result.timings.sendNs, "send and end are stamped");
        assert.ok(!["prepare", "connect", "cancel"].includes(failure.phase), `the phase, got ${failure.phase}`);
        assert.ok((failure.body ?? "").length <= 1024, "at most 1,024 characters of the body");
      }),
  },
  {
    name: "reports a failure as plain data",
    behaviour: "failing",
    needs: ["failing"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const { events } = await exchange(subject);
        assert.equal(JSON.stringify(structuredClone(events)), JSON.stringify(events));
      }),
  },
  {
    name: "goes on after a failed request",
    behaviour: "failing",
    needs: ["failing"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const [one, other] = [await exchange(subject), await exchange(subject)];
        assert.equal(partialOf(other, "errored").failure.code, partialOf(one, "errored").failure.code);
      }),
  },
  {
    name: "reports an unreachable other side as a partial event of the phase connect",
    behaviour: "unreachable",
    needs: ["unreachable"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const result = await exchange(subject);
        assert.equal(partialOf(result, "errored").failure.phase, "connect");
        assert.ok(!Number.isNaN(result.timings.endNs), "the end is stamped");
        assert.ok(Number.isNaN(result.timings.firstByteNs), "no byte came");
      }),
  },
];

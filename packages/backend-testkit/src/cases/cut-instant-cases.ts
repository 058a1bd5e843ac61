import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import type { BackendContractCase } from "../contract-case.js";
import { cutAfterTurns, nextTurn } from "../cut-after-turns.js";
import { completedExchange, partialOf, type Subject, withBackend } from "../exchange.js";

/** Turns of the event loop after which a request is cut: more than a short one takes. */
const MOST_TURNS = 24;

/** A cut at any instant, and what is left of it. */
export const CUT_INSTANT_CASES: readonly BackendContractCase[] = [
  {
    name: "ends once, completed or cancelled, at whichever instant it is cut",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        for (let turns = 0; turns < MOST_TURNS; turns += 1) await checkCut(subject, turns);
        await completedExchange(subject); // nothing of the cut requests is in its way
      }),
  },
  {
    name: "takes no notice of a cut after the end",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const controller = new AbortController();
        const { timings } = await completedExchange(subject, { signal: controller.signal });
        const before = JSON.stringify(timings);
        controller.abort();
        await nextTurn();
        assert.equal(JSON.stringify(timings), before, "the stamps stay");
      }),
  },
  {
    name: "lets go of the signal at the end",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const { signal } = new AbortController(); // one for the whole run, as goodput's
        for (let round = 0; round < 3; round += 1) await completedExchange(subject, { signal });
        assert.equal(getEventListeners(signal, "abort").length, 0, "listeners that are left");
      }),
  },
];

async function checkCut(subject: Subject, turns: number): Promise<void> {
  const result = await cutAfterTurns(subject, turns);
  assert.ok(!Number.isNaN(result.timings.endNs), `the end is stamped when cut after ${turns} turns`);
  if (result.terminal.type === "partial") partialOf(result, "cancelled");
}

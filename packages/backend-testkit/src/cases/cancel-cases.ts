import assert from "node:assert/strict";
import { createClock, RequestTimings } from "@core/backend";
import type { BackendContractCase } from "../contract-case.js";
import { cutAfterTurns } from "../cut-after-turns.js";
import { beforeDeadline, until } from "../deadline.js";
import { exchange, partialOf, withBackend } from "../exchange.js";

/** A request that is cut. */
export const CANCEL_CASES: readonly BackendContractCase[] = [
  {
    name: "keeps what had arrived when cut in mid-stream",
    behaviour: "stalling",
    needs: ["streaming", "stalling"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const controller = new AbortController();
        const result = await exchange(subject, { signal: controller.signal, onEvent: () => controller.abort() });
        const { response } = partialOf(result, "cancelled");
        assert.equal(result.events[0]?.type, "first-token");
        assert.ok((response.text ?? "") !== "", "the text so far");
        assert.ok(result.timings.tokenIterations > 0, "the counts so far");
        assert.ok(result.timings.endNs >= result.timings.lastTokenNs, "the end is stamped");
      }),
  },
  {
    name: "gives an empty partial response when cut before the first byte",
    behaviour: "silent",
    needs: ["silent"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const controller = new AbortController();
        const timings = new RequestTimings();
        let isOver = false;
        const end = (): void => {
          isOver = true;
        };
        const running = exchange(subject, { signal: controller.signal, timings });
        running.then(end, end); // a failure is thrown where running is awaited
        await until(() => isOver || !Number.isNaN(timings.sendNs), "sending");
        controller.abort();
        const result = await running;
        const { response } = partialOf(result, "cancelled");
        assert.equal(result.events.length, 1, "no first token");
        assert.equal(response.text ?? "", "");
        assert.ok(Number.isNaN(timings.firstByteNs), "no byte came");
        assert.ok(timings.endNs >= timings.sendNs, "the end is stamped");
      }),
  },
  {
    name: "ends when cut while it connects, with nothing sent",
    behaviour: "connecting",
    needs: ["connecting"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        for (const turns of [1, 4, 16]) {
          const { terminal, timings } = await cutAfterTurns(subject, turns);
          assert.equal(terminal.type === "partial" && terminal.reason, "cancelled", "reason of the partial event");
          assert.ok(Number.isNaN(timings.sendNs), "nothing was sent");
          assert.ok(!Number.isNaN(timings.endNs), "the end is stamped");
        }
      }),
  },
  {
    name: "sends nothing when cut before it begins",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const result = await exchange(subject, { signal: AbortSignal.abort() });
        partialOf(result, "cancelled");
        assert.ok(Number.isNaN(result.timings.sendNs), "nothing was sent");
      }),
  },
  {
    name: "lets go of a request that nobody reads any more",
    behaviour: "stalling",
    needs: ["streaming", "stalling"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const context = {
          signal: new AbortController().signal,
          timings: new RequestTimings(),
          clock: createClock(process.hrtime.bigint()),
          keepText: true,
        };
        const prepared = subject.backend.prepare(subject.createRequest(), null);
        const leave = async (): Promise<void> => {
          for await (const event of subject.backend.resolve(prepared, context)) {
            if (event.type === "first-token") return;
          }
        };
        await beforeDeadline(leave(), "leaving the iteration");
      }),
  },
];

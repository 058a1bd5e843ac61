import assert from "node:assert/strict";
import { RequestTimings, totalTokens, UNKNOWN_USAGE, type UsageMetrics } from "@core/backend";
import type { BackendContractCase } from "../contract-case.js";
import { completedExchange, type Exchange, type Subject, withBackend } from "../exchange.js";

const AT_ONCE = 8;

/** A request that completes. */
export const RESOLVE_CASES: readonly BackendContractCase[] = [
  {
    name: "answers with text in one final event",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const { terminal } = await completedExchange(subject);
        assert.ok(typeof terminal.response.text === "string" && terminal.response.text !== "", "a text");
        assertUsage(terminal.response.inputMetrics);
        assertUsage(terminal.response.outputMetrics);
      }),
  },
  {
    name: "yields plain data",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const { events } = await completedExchange(subject);
        assert.equal(JSON.stringify(structuredClone(events)), JSON.stringify(events));
      }),
  },
  {
    name: "streams: a first token, then the final event, each token stamped",
    behaviour: "normal",
    needs: ["streaming"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const { events, timings } = await completedExchange(subject);
        const [first] = events;
        assert.equal(first?.type, "first-token", "the first event");
        assert.equal(first.type === "first-token" && first.atNs, timings.firstTokenNs, "the instant of the event");
        assertTokens(timings);
      }),
  },
  {
    name: "stamps a streamed request in order, on the clock it is given",
    behaviour: "normal",
    needs: ["streaming"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const result = await completedExchange(subject);
        const { timings } = result;
        const { sendNs, firstByteNs, firstTokenNs, lastTokenNs, endNs } = timings;
        assertAscending(result, { sendNs, firstByteNs, firstTokenNs, lastTokenNs, endNs });
        const { firstIterationNs, lastIterationNs } = timings;
        assertAscending(result, { firstByteNs, firstIterationNs, firstTokenNs });
        assertAscending(result, { lastTokenNs, lastIterationNs, endNs });
      }),
  },
  {
    name: "stamps a request that is answered as a whole, without inventing token times",
    behaviour: "whole",
    needs: ["whole"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const result = await completedExchange(subject);
        const { sendNs, firstByteNs, endNs, firstTokenNs, tokenIterations } = result.timings;
        assert.deepEqual(
          result.events.map((event) => event.type),
          ["final"],
        );
        assertAscending(result, { sendNs, firstByteNs, endNs });
        assert.ok(Number.isNaN(firstTokenNs), "no first token");
        assert.equal(tokenIterations, 0);
      }),
  },
  {
    name: "tells the numbers of tokens",
    behaviour: "normal",
    needs: ["usage"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const { response } = (await completedExchange(subject)).terminal;
        assert.ok((totalTokens(response.inputMetrics) ?? 0) > 0, "input tokens");
        assert.ok((totalTokens(response.outputMetrics) ?? 0) > 0, "output tokens");
      }),
  },
  {
    name: "gives the same counts when texts are not kept",
    behaviour: "normal",
    needs: ["usage", "output-length"],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const kept = await completedExchange(subject, { request: subject.createRequest({ outputTokens: 4 }) });
        const dropped = await completedExchange(subject, {
          request: subject.createRequest({ outputTokens: 4 }),
          keepText: false,
        });
        const [one, other] = [kept.terminal.response, dropped.terminal.response];
        assert.equal(other.outputMetrics.text_tokens, one.outputMetrics.text_tokens);
        assert.equal(other.inputMetrics.text_tokens, one.inputMetrics.text_tokens);
        assert.equal(dropped.timings.tokenIterations, kept.timings.tokenIterations);
      }),
  },
  {
    name: "leaves the stamps of the host alone",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const host = { intendedStartNs: 1, dequeuedNs: 2, resolveStartNs: 3, resolveEndNs: 4 };
        const timings = Object.assign(new RequestTimings(), host);
        await completedExchange(subject, { timings });
        const { intendedStartNs, dequeuedNs, resolveStartNs, resolveEndNs } = timings;
        assert.deepEqual({ intendedStartNs, dequeuedNs, resolveStartNs, resolveEndNs }, host);
      }),
  },
  {
    name: "stamps the opening of a connection before the send, and only for the request that opened it",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        for (let round = 0; round < 2; round += 1) {
          const { connectStartNs, connectEndNs, sendNs, freshConnection } = (await completedExchange(subject)).timings;
          const isStamped = !Number.isNaN(connectStartNs) || !Number.isNaN(connectEndNs);
          assert.ok(freshConnection || !isStamped, "a request on an open connection has no stamps of its opening");
          assert.ok(!isStamped || (connectStartNs <= connectEndNs && connectEndNs <= sendNs), "begin, end, send");
        }
      }),
  },
  {
    name: "serves overlapping requests, each with its own answer",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const count = Math.min(AT_ONCE, subject.backend.limits().requests ?? AT_ONCE);
        await Promise.all(Array.from({ length: count }, () => completedExchange(subject)));
      }),
  },
  {
    name: "serves overlapping requests without mixing them",
    behaviour: "normal",
    needs: ["usage", "output-length"],
    run: (harness) => withBackend(harness, serveOverlapping),
  },
  {
    name: "serves one request after another with reused stamps",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async (subject) => {
        const { timings } = await completedExchange(subject);
        const before = timings.tokenIterations;
        timings.reset();
        const again = await completedExchange(subject, { timings });
        assert.equal(timings.tokenIterations, before, "counts start from zero again");
        assertAscending(again, { sendNs: timings.sendNs, endNs: timings.endNs });
      }),
  },
];

async function serveOverlapping(subject: Subject): Promise<void> {
  const lengths = [2, 7, 3, 5, 4, 6];
  const results = await Promise.all(
    lengths.map((outputTokens) => completedExchange(subject, { request: subject.createRequest({ outputTokens }) })),
  );
  for (const [index, { terminal }] of results.entries()) {
    assert.equal(terminal.response.outputMetrics.text_tokens, lengths[index], `tokens of request ${index}`);
  }
}

function assertUsage(usage: UsageMetrics): void {
  for (const name of Object.keys(UNKNOWN_USAGE) as (keyof UsageMetrics)[]) {
    const value: unknown = usage[name];
    assert.ok(value === null || (typeof value === "number" && value >= 0), `${name} is null or a number >= 0`);
  }
}

function assertTokens(timings: RequestTimings): void {
  assert.ok(timings.tokenIterations > 0, "counts its token events");
  assert.ok(timings.iterations >= timings.tokenIterations, "every token event is an event of the stream");
  const times = timings.tokenTimesNs.subarray(0, timings.tokenIterations);
  assert.ok(
    times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0)),
    "token times ascend",
  );
  assert.equal(times[0], timings.firstTokenNs);
  assert.equal(times.at(-1), timings.lastTokenNs);
}

function assertAscending(result: Exchange, stamps: Readonly<Record<string, number>>): void {
  let previous: readonly [string, number] = ["the call of resolve", result.startNs];
  for (const entry of [...Object.entries(stamps), ["the end of resolve", result.finishNs] as const]) {
    assert.ok(!Number.isNaN(entry[1]), `${entry[0]} is stamped`);
    assert.ok(previous[1] <= entry[1], `${previous[0]} (${previous[1]}) is not after ${entry[0]} (${entry[1]})`);
    previous = entry;
  }
}

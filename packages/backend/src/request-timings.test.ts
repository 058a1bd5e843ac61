import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { RequestTimings } from "./request-timings.js";
import { StampMemory } from "./stamp-memory.js";

let timings: RequestTimings;

beforeEach(() => {
  timings = new RequestTimings();
});

describe("RequestTimings", () => {
  test("begins with nothing having happened", () => {
    for (const [name, value] of Object.entries(timings)) {
      expect([name, value]).toEqual([name, name.endsWith("Ns") ? Number.NaN : typeof value === "number" ? 0 : false]);
    }
  });

  test("an event of reasoning is a token, but not an output token", () => {
    timings.token(10, false);
    timings.token(20, true);
    timings.token(30, true);
    expect(timings).toMatchObject({ firstTokenNs: 10, firstOutputTokenNs: 20, lastTokenNs: 30, tokenIterations: 3 });
  });

  test("counts events of the stream apart from tokens", () => {
    timings.iteration(5);
    timings.iteration(7);
    expect(timings).toMatchObject({ firstIterationNs: 5, lastIterationNs: 7, iterations: 2, tokenIterations: 0 });
  });

  test("keeps the last and the mean instant of the messages of a request", () => {
    for (const atNs of [1e13, 1e13 + 4, 1e13 + 8, 1e13 + 20]) timings.messageSent(atNs);
    expect(timings).toMatchObject({ lastMessageSentNs: 1e13 + 20, meanMessageSentNs: 1e13 + 8, messagesSent: 4 });
  });

  test("keeps every token time, however many, and again after reset", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(), { maxLength: 600 }), { minLength: 1, maxLength: 3 }), (rounds) => {
        const memory = new StampMemory();
        const [pooled, other] = [new RequestTimings(memory), new RequestTimings(memory)];
        for (const times of rounds) {
          pooled.reset();
          for (const time of times) {
            pooled.token(time, true);
            other.token(-1, true);
          }
          expect([...pooled.tokenTimesNs.subarray(0, pooled.tokenIterations)]).toEqual(times);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("stamps that were written to its room are those of token events", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ atNs: fc.nat(), direct: fc.boolean() }), { maxLength: 600 }), (events) => {
        const [direct, plain] = [new RequestTimings(), new RequestTimings()];
        for (const { atNs, direct: isDirect } of events) {
          plain.tokenEvent(atNs, true);
          if (isDirect && direct.iterations > 0 && direct.nextStamp < direct.stampRoom.end) {
            direct.stampRoom.stamps[direct.nextStamp] = atNs;
            direct.stamped(1);
          } else {
            direct.tokenEvent(atNs, true);
          }
        }
        expect({ ...direct }).toEqual({ ...plain });
        expect(direct.tokenTimesNs.subarray(0, events.length)).toEqual(plain.tokenTimesNs.subarray(0, events.length));
        expect([direct.lastTokenNs, direct.lastIterationNs]).toEqual([plain.lastTokenNs, plain.lastIterationNs]);
      }),
    );
  });

  test("reset forgets all stamps, resetExchange those of the backend alone", () => {
    const fresh = { ...new RequestTimings() };
    for (const name of Object.keys(timings) as (keyof RequestTimings)[]) {
      if (name.endsWith("Ns")) Object.assign(timings, { [name]: 1 });
    }
    timings.retried = true;
    timings.requestBytes = 9;
    timings.messagesSent = 2;
    timings.token(3, true);
    timings.resetExchange();
    const kept = { intendedStartNs: 1, dequeuedNs: 1, resolveStartNs: 1, resolveEndNs: 1 };
    expect({ ...timings }).toEqual({ ...fresh, ...kept });
    timings.reset();
    expect({ ...timings }).toEqual(fresh);
  });
});

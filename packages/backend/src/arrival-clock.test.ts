import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { ArrivalClock } from "./arrival-clock.js";
import { createFakeClock } from "./clock.js";

describe("ArrivalClock", () => {
  test("all reads of a turn share the instant of the first; the next turn has one of its own", async () => {
    const clock = createFakeClock(100);
    const arrival = new ArrivalClock();
    const read = (): number => {
      const atNs = arrival.nowNs(clock);
      clock.advanceNs(10);
      return atNs;
    };
    expect([read(), read(), read()]).toEqual([100, 100, 100]);
    await nextTurn();
    expect([read(), read()]).toEqual([130, 130]);
    await nextTurn();
    await nextTurn();
    expect(read()).toBe(150);
  });

  test("what is sent during a turn ends it: no answer is stamped before its request", () => {
    const clock = createFakeClock();
    const arrival = new ArrivalClock();
    expect(arrival.nowNs(clock)).toBe(0);
    clock.advanceNs(5);
    arrival.restart();
    expect(arrival.nowNs(clock)).toBe(5);
    clock.advanceNs(5);
    expect(arrival.nowNs(clock)).toBe(5);
  });

  test("after as many reads as one look at the sockets can tell of, the instant is taken anew", () => {
    const clock = createFakeClock();
    const arrival = new ArrivalClock();
    const stamps = Array.from({ length: 2049 }, () => {
      clock.advanceNs(1);
      return arrival.nowNs(clock);
    });
    expect(new Set(stamps)).toEqual(new Set(process.platform === "win32" ? stamps : [1, 1025, 2049]));
  });

  test("another clock has its own instants", () => {
    const arrival = new ArrivalClock();
    expect(arrival.nowNs(createFakeClock(3))).toBe(3);
    expect(arrival.nowNs(createFakeClock(7))).toBe(7);
  });
});

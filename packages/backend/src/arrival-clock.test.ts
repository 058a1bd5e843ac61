import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { ArrivalClock, MOST_READS } from "./arrival-clock.js";
import { createFakeClock } from "./clock.js";

/** A thread that reads sockets: a read takes 10 ns, and time passes otherwise as it is told to. */
function thread() {
  const clock = createFakeClock();
  let [idleMs, looks] = [0, 0];
  const arrivals = new ArrivalClock({ idleMs: () => idleMs, looks: () => looks });
  return {
    nextLook: async (): Promise<void> => {
      looks += 1;
      await nextTurn();
    },
    looked: (): void => arrivals.looked(),
    read: (): number => {
      const atNs = arrivals.nowNs(clock);
      clock.advanceNs(10);
      return atNs;
    },
    works: (durationNs: number): void => clock.advanceNs(durationNs),
    waits: (durationNs: number): void => {
      clock.advanceNs(durationNs);
      idleMs += durationNs / 1e6;
    },
  };
}

describe("ArrivalClock", () => {
  test("all reads of a turn share the instant of the first; after a wait the next turn has one of its own", async () => {
    const { read, waits, nextLook } = thread();
    waits(100);
    expect([read(), read(), read()]).toEqual([100, 100, 100]);
    await nextLook();
    waits(5);
    expect([read(), read()]).toEqual([135, 135]);
    await nextLook();
    await nextLook();
    waits(1);
    expect(read()).toBe(156);
  });

  test("without a wait since the last look at the sockets, bytes came half-way between both", async () => {
    const { read, waits, works, nextLook } = thread();
    waits(100);
    read();
    await nextLook();
    works(190);
    expect([read(), read()]).toEqual([200, 200]);
    await nextLook();
    works(30);
    expect(read()).toBe((300 + 350) / 2);
  });

  test("when the look before found nothing to read, its instant is not known, nor the interval", async () => {
    const { read, waits, works, nextLook } = thread();
    waits(100);
    read();
    await nextLook();
    works(190);
    await nextLook();
    works(50);
    expect(read()).toBe(350);
  });

  test("who runs behind a look tells of it, also when it found nothing", async () => {
    const { read, waits, works, nextLook, looked } = thread();
    waits(100);
    read();
    await nextLook();
    works(190);
    looked();
    await nextLook();
    works(50);
    expect(read()).toBe((300 + 350) / 2);
    works(5);
    looked(); // of the same look, whose instant its first read told
    await nextLook();
    works(25);
    expect(read()).toBe((350 + 390) / 2);
  });

  test("stamps never go back", async () => {
    const { read, waits, works, nextLook } = thread();
    const stamps: number[] = [];
    for (let turn = 0; turn < 50; turn += 1) {
      if (turn % 3 === 0) waits(turn);
      if (turn % 2 === 0) works(turn * 7);
      for (let count = 0; count < 1 + (turn % 4); count += 1) stamps.push(read());
      await nextLook();
    }
    expect(stamps).toEqual([...stamps].sort((one, other) => one - other));
  });

  test("after as many reads as one look at the sockets can tell of, there has been another one", () => {
    const clock = createFakeClock();
    const arrivals = new ArrivalClock({ idleMs: () => 0, looks: () => 1 });
    const stamps = Array.from({ length: 2 * MOST_READS + 1 }, () => {
      clock.advanceNs(1);
      return arrivals.nowNs(clock);
    });
    expect(new Set(stamps).size).toBe(3);
    expect(stamps.slice(0, MOST_READS)).toEqual(Array(MOST_READS).fill(1));
    expect(stamps[MOST_READS]).toBeGreaterThan(1);
  });

  test("another clock has its own instants", () => {
    const arrivals = new ArrivalClock({ idleMs: () => 0, looks: () => 1 });
    expect(arrivals.nowNs(createFakeClock(3))).toBe(3);
    expect(arrivals.nowNs(createFakeClock(7))).toBe(7);
  });
});

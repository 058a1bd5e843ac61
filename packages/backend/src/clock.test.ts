import { describe, expect, test } from "@jest/globals";
import { createClock, createFakeClock } from "./clock.js";

/** Error that calibrating may leave, generous for a machine that is busy. */
const TOLERANCE_NS = 200_000;

describe("createClock", () => {
  test("reads process.hrtime relative to the epoch", () => {
    const epochNs = process.hrtime.bigint() - 5_000_000_000n;
    const clock = createClock(epochNs);
    for (let round = 0; round < 100; round += 1) {
      const beforeNs = Number(process.hrtime.bigint() - epochNs);
      const nowNs = clock.nowNs();
      const afterNs = Number(process.hrtime.bigint() - epochNs);
      expect(nowNs).toBeGreaterThan(beforeNs - TOLERANCE_NS);
      expect(nowNs).toBeLessThan(afterNs + TOLERANCE_NS);
    }
  });

  test("never goes back", () => {
    const clock = createClock(process.hrtime.bigint());
    let previous = clock.nowNs();
    for (let round = 0; round < 10_000; round += 1) {
      const nowNs = clock.nowNs();
      if (nowNs < previous) throw new Error(`${nowNs} after ${previous}`);
      previous = nowNs;
    }
  });
});

test("createFakeClock moves only when told to", () => {
  const clock = createFakeClock(5);
  expect(clock.nowNs()).toBe(5);
  clock.advanceNs(10);
  expect(clock.nowNs()).toBe(15);
  expect(() => clock.advanceNs(-1)).toThrow(RangeError);
});

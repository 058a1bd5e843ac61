import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { slotsOf } from "./split-slots.js";

const split = (workers: number, slots: number) =>
  Array.from({ length: workers }, (_, worker) => slotsOf(worker, workers, slots));

test("25 slots over 10 workers (vector of GuideLLM)", () => {
  expect(split(10, 25)).toEqual([3, 3, 3, 3, 3, 2, 2, 2, 2, 2]);
});

test("every slot has one worker, and none has two more than another", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), fc.nat(20_000), (workers, slots) => {
      const shares = split(workers, slots);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(slots);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }),
  );
});

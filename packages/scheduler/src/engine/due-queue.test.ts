import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { DueQueue } from "./due-queue.js";

test("what comes out is sorted by instant, equals in the order in which they came", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ dueNs: fc.nat(20) })), fc.nat(10), (given, taken) => {
      const queue = new DueQueue<{ readonly dueNs: number; readonly at: number }>();
      const early: { readonly dueNs: number; readonly at: number }[] = [];
      for (const [at, { dueNs }] of given.entries()) queue.push({ dueNs, at });
      for (let count = 0; count < taken; count += 1) early.push(...[queue.pop()].filter((item) => item !== undefined));
      expect(queue.countBefore(10)).toBe(
        given.filter(({ dueNs }) => dueNs < 10).length - early.filter(({ dueNs }) => dueNs < 10).length,
      );
      const rest: typeof early = [];
      while (queue.size > 0) {
        expect(queue.peek()).toBeDefined();
        rest.push(...[queue.pop()].filter((item) => item !== undefined));
      }
      const sorted = given
        .map(({ dueNs }, at) => ({ dueNs, at }))
        .sort((left, right) => left.dueNs - right.dueNs || left.at - right.at);
      expect([...early, ...rest]).toEqual(sorted);
      expect(queue.pop()).toBeUndefined();
    }),
  );
});

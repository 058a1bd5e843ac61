import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DueHeap } from "./due-heap.js";

const operations = fc.array(
  fc.oneof(
    fc.record({ push: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ takeAt: fc.integer({ min: 0, max: 60 }) }),
  ),
);

describe("DueHeap", () => {
  test("takes what a sorted list would take, never early, equal instants in the order of adding", () => {
    fc.assert(
      fc.property(operations, (steps) => {
        const heap = new DueHeap();
        const model: { dueNs: number; order: number }[] = [];
        let taken = -1;
        for (const [order, step] of steps.entries()) {
          if ("push" in step) {
            const run = () => {
              taken = order;
            };
            heap.push({ dueNs: step.push, run });
            model.push({ dueNs: step.push, order });
            model.sort((a, b) => a.dueNs - b.dueNs || a.order - b.order);
          } else {
            const first = model[0];
            const expected = first !== undefined && first.dueNs <= step.takeAt ? model.shift() : undefined;
            const action = heap.takeDue(step.takeAt);
            action?.run();
            expect(action?.dueNs).toBe(expected?.dueNs);
            if (expected !== undefined) expect(taken).toBe(expected.order);
          }
          expect(heap.size).toBe(model.length);
          expect(heap.nextDueNs).toBe(model[0]?.dueNs ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });

  test("clear drops all", () => {
    const heap = new DueHeap();
    heap.push({ dueNs: 1, run: () => undefined });
    heap.clear();
    expect([heap.size, heap.takeDue(2)]).toEqual([0, undefined]);
  });
});

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { StampMemory, type StampRoom } from "./stamp-memory.js";

test("rooms that are in use never share a stamp", () => {
  const step = fc.record({ count: fc.constantFrom(8, 16, 64, 200), back: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const memory = new StampMemory(128);
      const used: StampRoom[] = [];
      const fill = (room: StampRoom, at: number): void => void room.stamps.fill(at, room.start, room.end);
      for (const { count, back } of steps) {
        const room = memory.take(count);
        expect(room.end - room.start).toBe(count);
        used.push(room);
        used.forEach(fill);
        for (const [at, one] of used.entries()) {
          expect(one.stamps.subarray(one.start, one.end).every((stamp) => stamp === at)).toBe(true);
        }
        const [given] = back < used.length ? used.splice(back, 1) : [];
        if (given !== undefined) memory.giveBack(given);
      }
    }),
  );
});

test("a room that was given back is taken again", () => {
  const memory = new StampMemory(64);
  const room = memory.take(16);
  memory.giveBack(room);
  expect(memory.take(32)).not.toBe(room);
  expect(memory.take(16)).toBe(room);
});

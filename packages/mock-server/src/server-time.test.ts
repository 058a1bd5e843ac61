import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { ServerTime } from "./server-time.js";

const stretch = fc
  .record({
    fromSeconds: fc.integer({ min: 0, max: 50 }),
    length: fc.integer({ min: 1, max: 20 }),
    speed: fc.constantFrom(0, 0.25, 0.5, 2),
  })
  .map(({ fromSeconds, length, speed }) => ({ fromSeconds, toSeconds: fromSeconds + length, speed }));

test("before the first request, and without incidents, work takes as long as it takes", () => {
  const time = new ServerTime([{ fromSeconds: 0, toSeconds: 5, speed: 0 }]);
  expect(time.after(1e9, 2e9)).toBe(3e9);
  expect(time.begin(1e9)).toBe(true);
  expect(time.begin(2e9)).toBe(false);
  expect(time.after(1e9, 2e9)).toBe(8e9);
  time.reset();
  expect(time.after(1e9, 2e9)).toBe(3e9);
});

test.each([
  [0, 9, 9],
  [0, 10, 10],
  [0, 11, 14], // one second into the stall of three
  [9, 0.5, 9.5],
  [11, 0, 13],
  [12, 1, 14],
  [19, 2, 22], // half the speed from 20 on
  [24, 3, 28], // ... to 26
])("work that begins at %d s and takes %d s ends at %d s", (start, length, end) => {
  const time = new ServerTime([
    { fromSeconds: 10, toSeconds: 13, speed: 0 },
    { fromSeconds: 20, toSeconds: 26, speed: 0.5 },
  ]);
  time.begin(0);
  expect(time.after(start * 1e9, length * 1e9) / 1e9).toBeCloseTo(end, 9);
});

test("work in two pieces ends when the whole does, and what begins later does not end earlier", () => {
  const seconds = fc.double({ min: 0, max: 80, noNaN: true });
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 5 }), seconds, seconds, seconds, (stretches, start, first, second) => {
      const time = new ServerTime(stretches);
      time.begin(0);
      const [startNs, firstNs, secondNs] = [start * 1e9, first * 1e9, second * 1e9];
      const whole = time.after(startNs, firstNs + secondNs);
      expect(time.after(time.after(startNs, firstNs), secondNs) / 1e9).toBeCloseTo(whole / 1e9, 5);
      expect(time.after(startNs + secondNs, firstNs)).toBeGreaterThanOrEqual(time.after(startNs, firstNs) - 1);
    }),
  );
});

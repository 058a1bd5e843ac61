import { expect, test } from "@jest/globals";
import { philox2x32, uniformAt } from "./philox.js";

// Known answers published with Random123, the authors' library.
test.each([
  [[0, 0], 0, [0xff1dae59, 0x6cd10df2]],
  [[0xffffffff, 0xffffffff], 0xffffffff, [0x2c3f628b, 0xab4fd7ad]],
  [[0x243f6a88, 0x85a308d3], 0x13198a2e, [0xdd7ce038, 0xf62a4c12]],
] as const)("counter %j and key %d", (counter, key, expected) => {
  expect(philox2x32(counter, key)).toEqual(expected);
});

test("uniform numbers fill the open unit interval evenly", () => {
  const values = Array.from({ length: 20_000 }, (_, index) => uniformAt(42, index));
  expect(Math.min(...values)).toBeGreaterThan(0);
  expect(Math.max(...values)).toBeLessThan(1);
  expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0.5, 2);
});

test("seeds that share their low 32 bits give different sequences", () => {
  expect(uniformAt(1, 0)).not.toBe(uniformAt(1 + 2 ** 32, 0));
  expect(uniformAt(-1, 0)).not.toBe(uniformAt(2 ** 32 - 1, 0));
});

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { resample } from "./resample.js";

/** Pixels of one row from gray values. */
function row(...grays: readonly number[]) {
  return { width: grays.length, height: 1, data: Uint8Array.from(grays.flatMap((gray) => [gray, gray, gray, 255])) };
}

function graysOf(pixels: Uint8Array): readonly number[] {
  return [...pixels].filter((_, at) => at % 4 === 0);
}

describe("resample", () => {
  test.each([
    // twice as wide: a quarter of the way to each neighbor
    [[0, 100], 4, [0, 25, 75, 100]],
    // half as wide: weights 1, 3, 3, 1 of eight
    [[0, 0, 80, 80], 2, [11, 69]],
    [[10, 20, 30], 3, [10, 20, 30]],
    [[7], 3, [7, 7, 7]],
    [[0, 255], 1, [128]],
  ])("%j to %i", (grays, width, expected) => {
    expect(graysOf(resample(row(...grays), { width, height: 1 }))).toEqual(expected);
  });

  test("an even color stays, within the bounds of what was there for any other, in both directions", () => {
    const size = fc.integer({ min: 1, max: 12 });
    const image = fc.tuple(size, size).chain(([width, height]) =>
      fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        data: fc.uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 }),
      }),
    );
    fc.assert(
      fc.property(image, size, size, fc.boolean(), (pixels, width, height, isEven) => {
        for (let at = 0; at < pixels.data.length; at += 1) {
          if (at % 4 === 3) pixels.data[at] = 255;
          else if (isEven) pixels.data[at] = 99;
        }
        const made = resample(pixels, { width, height });
        expect(made).toHaveLength(width * height * 4);
        for (let channel = 0; channel < 3; channel += 1) {
          const of = (data: Uint8Array) => [...data].filter((_, at) => at % 4 === channel);
          expect(Math.min(...of(made))).toBeGreaterThanOrEqual(Math.min(...of(pixels.data)));
          expect(Math.max(...of(made))).toBeLessThanOrEqual(Math.max(...of(pixels.data)));
        }
      }),
    );
  });
});

import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { seededRandom } from "../seeded-random.js";
import { drawPicture, PICTURE_CONTENTS } from "./picture-content.js";

const SIZE = { width: 64, height: 48 };

test("a thousand gradients of one seed are all different", () => {
  const size = { width: 32, height: 32 };
  const digest = (index: number) =>
    createHash("sha1")
      .update(drawPicture("gradient", size, seededRandom("image", 42, 0, index)))
      .digest("hex");
  expect(new Set(Array.from({ length: 1000 }, (_, index) => digest(index))).size).toBe(1000);
});

test.each(PICTURE_CONTENTS)(
  "%s: every pixel is painted, and opaque; the same numbers give the same picture",
  (content) => {
    const draw = () => drawPicture(content, SIZE, seededRandom("x"));
    expect(draw()).toHaveLength(64 * 48 * 4);
    expect(draw().filter((value, at) => at % 4 === 3 && value !== 255)).toHaveLength(0);
    expect(draw()).toEqual(draw());
  },
);

test("a gradient goes from one color to another, without a jump between neighbors", () => {
  const pixels = drawPicture("gradient", SIZE, seededRandom("y"));
  const red = (x: number, y: number) => pixels[(y * SIZE.width + x) * 4] ?? 0;
  const rows = Array.from({ length: SIZE.height }, (_, y) => Array.from({ length: SIZE.width }, (_, x) => red(x, y)));
  const range = Math.max(...rows.flat()) - Math.min(...rows.flat());
  const steps = rows.flatMap((row) => row.slice(1).map((value, at) => Math.abs(value - (row[at] ?? 0))));
  expect(range).toBeGreaterThan(0);
  expect(steps.reduce((sum, step) => sum + step, 0) / steps.length).toBeLessThan(range / 6);
});

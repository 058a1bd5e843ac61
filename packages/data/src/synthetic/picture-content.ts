import type { SeededRandom } from "../seeded-random.js";
import type { PictureSize } from "./picture-size.js";

/** What generated pictures show. */
export const PICTURE_CONTENTS = ["gradient", "noise", "solid", "checkerboard"] as const;

/** One of {@link PICTURE_CONTENTS}. */
export type PictureContent = (typeof PICTURE_CONTENTS)[number];

/** A color as three bytes. */
type Color = readonly [red: number, green: number, blue: number];

/** Points of the field that bends a gradient, in each direction. */
const GRID = 16;
/** How far it bends at most, pixels. */
const BEND = 80;

/** Pixels of a picture: red, green, blue and full opacity, rows from the top. Recipes of GuideLLM. */
export function drawPicture(content: PictureContent, size: PictureSize, random: SeededRandom): Uint8Array {
  const { width, height } = size;
  const pixels = new Uint8Array(width * height * 4).fill(255);
  const paint = colorsOf(content, size, random);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) paint(x, y, pixels, (y * width + x) * 4);
  }
  return pixels;
}

/** Writes the color of one pixel to `pixels` at `at`. */
type Paint = (x: number, y: number, pixels: Uint8Array, at: number) => void;

function colorsOf(content: PictureContent, size: PictureSize, random: SeededRandom): Paint {
  const color = (): Color => [random.below(256), random.below(256), random.below(256)];
  switch (content) {
    case "noise":
      return (_x, _y, pixels, at) => pixels.set(color(), at);
    case "solid": {
      const only = color();
      return (_x, _y, pixels, at) => pixels.set(only, at);
    }
    case "checkerboard": {
      const colors = [color(), color()] as const;
      const tile = 8 + random.below(25);
      return (x, y, pixels, at) => pixels.set(colors[(Math.floor(x / tile) + Math.floor(y / tile)) % 2 ? 1 : 0], at);
    }
    case "gradient":
      return gradient(size, [color(), color()], random);
  }
}

/** From one color to the other along a random direction, bent by a smooth random field. */
function gradient({ width, height }: PictureSize, [from, to]: readonly [Color, Color], random: SeededRandom): Paint {
  const angle = 2 * Math.PI * random.uniform();
  const [across, down] = [Math.cos(angle), Math.sin(angle)];
  const fields = [smoothField(width, height, random), smoothField(width, height, random)] as const;
  const places = new Float32Array(width * height);
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const bentX = Math.min(width - 1, Math.max(0, x + BEND * fields[0](x, y)));
      const bentY = Math.min(height - 1, Math.max(0, y + BEND * fields[1](x, y)));
      const place = bentX * across + bentY * down;
      places[y * width + x] = place;
      lowest = Math.min(lowest, place);
      highest = Math.max(highest, place);
    }
  }
  const range = highest - lowest || 1;
  return (x, y, pixels, at) => {
    const share = ((places[y * width + x] ?? 0) - lowest) / range;
    for (let channel = 0; channel < 3; channel += 1) {
      const [first, last] = [from[channel] ?? 0, to[channel] ?? 0];
      pixels[at + channel] = Math.round(first + share * (last - first));
    }
  };
}

/** Numbers in [-1, 1] over the picture: random at the points of a grid, cosine-interpolated between them. */
function smoothField(width: number, height: number, random: SeededRandom): (x: number, y: number) => number {
  const points = Float32Array.from({ length: GRID * GRID }, () => 2 * random.uniform() - 1);
  const point = (column: number, row: number) => points[row * GRID + column] ?? 0;
  const places = (length: number) => Array.from({ length }, (_, at) => gridPlace(at, length));
  const [columns, rows] = [places(width), places(height)];
  return (x, y) => {
    const { before: left, after: right, share } = columns[x] ?? gridPlace(x, width);
    const { before: top, after: bottom, share: lower } = rows[y] ?? gridPlace(y, height);
    const above = point(left, top) * (1 - share) + point(right, top) * share;
    const below = point(left, bottom) * (1 - share) + point(right, bottom) * share;
    return above * (1 - lower) + below * lower;
  };
}

function gridPlace(at: number, length: number): { before: number; after: number; share: number } {
  const place = (at / Math.max(1, length - 1)) * (GRID - 1);
  const before = Math.min(GRID - 1, Math.floor(place));
  return { before, after: Math.min(GRID - 1, before + 1), share: (1 - Math.cos(Math.PI * (place - before))) / 2 };
}

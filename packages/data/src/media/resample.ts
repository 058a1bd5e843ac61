/** Pixels of four bytes each: red, green, blue, opacity; rows from the top, no padding. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Pixels of another size, without opacity (what is transparent shows white). Each new pixel is the mean of a triangle
 * around its place that is two old pixels wide when enlarging and two new ones when shrinking: bilinear interpolation with
 * antialiasing, one direction after the other.
 */
export function resample(
  { data, width, height }: Pixels,
  to: { readonly width: number; readonly height: number },
): Uint8Array {
  const narrow = new Float32Array(to.width * height * 3);
  for (const [x, weights] of triangles(width, to.width).entries()) {
    for (let y = 0; y < height; y += 1) {
      const target = (y * to.width + x) * 3;
      for (const { at, weight } of weights) {
        const from = (y * width + at) * 4;
        const opacity = (data[from + 3] ?? 255) / 255;
        for (let channel = 0; channel < 3; channel += 1) {
          const value = (data[from + channel] ?? 0) * opacity + 255 * (1 - opacity);
          narrow[target + channel] = (narrow[target + channel] ?? 0) + weight * value;
        }
      }
    }
  }
  const resized = new Uint8Array(to.width * to.height * 4).fill(255);
  for (const [y, weights] of triangles(height, to.height).entries()) {
    for (let x = 0; x < to.width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = 0;
        for (const { at, weight } of weights) sum += weight * (narrow[(at * to.width + x) * 3 + channel] ?? 0);
        resized[(y * to.width + x) * 4 + channel] = Math.round(sum);
      }
    }
  }
  return resized;
}

interface Weight {
  readonly at: number;
  readonly weight: number;
}

/** For each new pixel of a line the old ones and their weights, whose sum is 1. */
function triangles(from: number, to: number): readonly (readonly Weight[])[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, index) => {
    const center = (index + 0.5) * scale;
    const weights: Weight[] = [];
    const last = Math.min(from - 1, Math.ceil(center + reach));
    for (let at = Math.max(0, Math.floor(center - reach)); at <= last; at += 1) {
      const weight = Math.max(0, 1 - Math.abs(at + 0.5 - center) / reach);
      if (weight > 0) weights.push({ at, weight });
    }
    const sum = weights.reduce((total, { weight }) => total + weight, 0);
    return weights.map(({ at, weight }) => ({ at, weight: weight / sum }));
  });
}

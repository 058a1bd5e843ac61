import { seededRandom } from "../seeded-random.js";

/** How a vector is written. */
export type VectorEncoding = "float" | "base64";

/** A vector of length 1 that depends on the seed and the key alone, as numbers or as base64 of 32-bit floats. */
export function encodedVector(
  seed: number,
  key: string,
  dimensions: number,
  encoding: VectorEncoding,
): readonly number[] | string {
  const random = seededRandom(seed, "vector", key);
  const values = Float32Array.from({ length: dimensions }, () => random.uniform() * 2 - 1);
  const length = Math.hypot(...values) || 1;
  for (let at = 0; at < dimensions; at += 1) values[at] = (values[at] ?? 0) / length;
  return encoding === "float" ? [...values] : Buffer.from(values.buffer).toString("base64");
}

/** A score within (-1, 1) that depends on the seed and both texts alone. */
export function scoreOf(seed: number, query: string, document: string): number {
  return Math.fround(seededRandom(seed, "score", query, document).uniform() * 2 - 1);
}

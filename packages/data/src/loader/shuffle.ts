import { seededRandom } from "../seeded-random.js";

/** Numbers 0 to `count - 1` in an order that depends on seed and epoch alone (Fisher-Yates). */
export function shuffledIndices(count: number, seed: number, epoch: number): Uint32Array {
  const indices = Uint32Array.from({ length: count }, (_, index) => index);
  const random = seededRandom(seed, "shuffle", epoch);
  for (let at = count - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    const kept = indices[at] ?? 0;
    indices[at] = indices[other] ?? 0;
    indices[other] = kept;
  }
  return indices;
}

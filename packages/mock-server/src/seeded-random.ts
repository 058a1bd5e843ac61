/** Random numbers that depend on the seed parts alone. */
export interface SeededRandom {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
}

/** Generator "sfc32" seeded from a hash of all parts; streams of different parts are independent of each other. */
export function seededRandom(...parts: readonly (string | number)[]): SeededRandom {
  const hash = hashParts(parts);
  let [a, b, c, d] = [hash(), hash(), hash(), 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  const uniform = (): number => next() / 2 ** 32;
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/** Well-mixed 32-bit words from the parts (FNV-1a, then a murmur finaliser per word). */
function hashParts(parts: readonly (string | number)[]): () => number {
  let state = 2166136261;
  for (const character of parts.join("\u0000")) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
}

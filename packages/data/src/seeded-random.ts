/** Random numbers that depend on the seed parts alone. */
export interface SeededRandom {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** Uniform whole number in [0, below). */
  below(below: number): number;
}

/**
 * Generator "sfc32" seeded from a hash of all parts, so that streams for different purposes, epochs and conversations
 * are independent of each other and of the order in which they are used.
 */
export function seededRandom(...parts: readonly (string | number)[]): SeededRandom {
  return new Sfc32(hashOf(parts.join("\u0000")));
}

/** Perf: several are made for each conversation, so that they have no functions of their own. */
class Sfc32 implements SeededRandom {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  /** @param hash - Of the seed, 32 bits. */
  constructor(hash: number) {
    this.#a = mix((hash + GOLDEN) | 0);
    this.#b = mix((hash + 2 * GOLDEN) | 0);
    this.#c = mix((hash + 3 * GOLDEN) | 0);
    for (let round = 0; round < 12; round += 1) this.#next();
  }

  uniform(): number {
    return this.#next() / 2 ** 32;
  }

  below(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** 32 bits. */
  #next(): number {
    const b = this.#b;
    const c = this.#c;
    const sum = (((this.#a + b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = b ^ (b >>> 9);
    this.#b = (c + (c << 3)) | 0;
    this.#c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}

/** Step of the words that seed a generator: 2³² over the golden ratio. */
const GOLDEN = 0x9e3779b9;

/** FNV-1a over the characters of a text. */
function hashOf(text: string): number {
  let hash = 2166136261;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.codePointAt(at) ?? 0;
    hash = Math.imul(hash ^ character, 16777619);
    if (character > 0xffff) at += 1; // two units
  }
  return hash;
}

/** The finaliser of MurmurHash3. */
function mix(word: number): number {
  const mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const again = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return again ^ (again >>> 16);
}

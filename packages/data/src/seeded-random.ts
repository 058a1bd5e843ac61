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
  return new SmallFastCounting(hashOf(parts.join("\u0000")));
}

/** Perf: a class over whole numbers of 32 bits, of which no step makes a number that has to be allocated. */
class SmallFastCounting implements SeededRandom {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(hash: number) {
    this.#a = mixed(hash + 0x9e3779b9);
    this.#b = mixed(hash + 2 * 0x9e3779b9);
    this.#c = mixed(hash + 3 * 0x9e3779b9);
    for (let round = 0; round < 12; round += 1) this.#next();
  }

  uniform(): number {
    return (this.#next() >>> 0) / 2 ** 32;
  }

  below(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  #next(): number {
    const b = this.#b;
    const c = this.#c;
    const sum = (((this.#a + b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = b ^ (b >>> 9);
    this.#b = (c + (c << 3)) | 0;
    this.#c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum;
  }
}

/** FNV-1a over the code points. */
function hashOf(text: string): number {
  let hash = 2166136261;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.codePointAt(at) ?? 0;
    if (code > 0xffff) at += 1;
    hash = Math.imul(hash ^ code, 16777619);
  }
  return hash;
}

/** The finaliser of murmur: a well-mixed word of 32 bits. */
function mixed(state: number): number {
  let word = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}

/** A part of a prompt: a text, or ids of tokens. */
export type PromptPiece = string | readonly number[];

/** Mixers of the two halves of a block's name (FNV-1a and a variant of it). */
const PRIMES = [16_777_619, 0x85ebca6b] as const;
const OFFSETS = [2_166_136_261, 0x9e3779b9] as const;

/**
 * The tokens of earlier prompts and replies that need not be computed again. It keeps blocks, each named by its own tokens
 * and all before them, so that a prompt finds the longest beginning that it shares with an earlier one. The blocks that
 * were used longest ago go first, the end of a prompt before its beginning.
 */
export class PrefixCache {
  readonly #blockTokens: number;
  readonly #mostBlocks: number;
  /** In the order of their last use. */
  readonly #blocks = new Set<number>();

  constructor({ capacityTokens, blockTokens }: { readonly capacityTokens: number; readonly blockTokens: number }) {
    this.#blockTokens = blockTokens;
    this.#mostBlocks = Math.floor(capacityTokens / blockTokens);
  }

  /**
   * Tokens at the beginning of a prompt that are there, whole blocks. The last token is always computed: the first one of
   * the reply follows from it.
   *
   * @param promptTokens - Length of the prompt, at least that of its pieces.
   */
  find(pieces: readonly PromptPiece[], promptTokens: number): number {
    const names = this.#namesOf(pieces);
    const missing = names.findIndex((name) => !this.#blocks.has(name));
    const found = missing === -1 ? names.length : missing;
    this.#use(names.slice(0, found));
    return Math.min(found, Math.floor((promptTokens - 1) / this.#blockTokens)) * this.#blockTokens;
  }

  /** Keeps the whole blocks of a prompt, or of a prompt and its reply. */
  add(pieces: readonly PromptPiece[]): void {
    this.#use(this.#namesOf(pieces));
    for (const oldest of this.#blocks) {
      if (this.#blocks.size <= this.#mostBlocks) return;
      this.#blocks.delete(oldest);
    }
  }

  /** Forgets all. */
  reset(): void {
    this.#blocks.clear();
  }

  #use(names: readonly number[]): void {
    for (let at = names.length - 1; at >= 0; at -= 1) {
      const name = names[at] ?? 0;
      this.#blocks.delete(name);
      this.#blocks.add(name);
    }
  }

  #namesOf(pieces: readonly PromptPiece[]): readonly number[] {
    const names: number[] = [];
    let [low, high, tokens] = [OFFSETS[0] | 0, OFFSETS[1] | 0, 0];
    const take = (unit: number): void => {
      low = Math.imul(low ^ unit, PRIMES[0]);
      high = Math.imul(high ^ unit, PRIMES[1]) ^ (high >>> 15);
    };
    for (const piece of pieces) {
      for (const token of typeof piece === "string" ? wordsOf(piece) : piece) {
        if (typeof token === "number") take(token);
        else for (let at = 0; at < token.length; at += 1) take(token.charCodeAt(at));
        take(0x10ffff); // the end of a token, which no unit of a text is
        tokens += 1;
        if (tokens % this.#blockTokens === 0) names.push((high & 0x1fffff) * 2 ** 32 + (low >>> 0));
      }
    }
    return names;
  }
}

function wordsOf(text: string): readonly string[] {
  return text.match(/\S+/g) ?? [];
}

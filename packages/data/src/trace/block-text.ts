import type { Tokenizer } from "@core/tokenizer";
import { type SeededRandom, seededRandom } from "../seeded-random.js";
import type { WrittenText } from "../synthetic/prompt-writer.js";
import { WORDS } from "../synthetic/words.js";

/** Blocks that are kept, so that a prefix that many prompts share is made once. */
const MOST_KEPT = 4096;

/** Words that tell blocks apart: of a few hundred words, enough for hundreds of millions of blocks. */
const SPELLED = 3;

/** Which text the number of a block stands for. */
export interface BlockScope {
  /** Equal scopes give equal blocks. */
  readonly name: string;
  /** Tokens of a block. */
  readonly size: number;
}

/** Which tokens of a prompt are written. */
export interface PromptPart {
  readonly from: number;
  readonly to: number;
  /** Names the prompt, for text of its own. */
  readonly own: string;
}

/** A token: a word where words are tokens, else its identifier. */
type Token = string | number;

/**
 * Writes prompts from numbered blocks, as traces of prefix caches have them: prompts that begin with the same blocks begin
 * with the same tokens, and other blocks are other text. Every block is made at full size and the prompt is cut to its
 * length, so that a block is the same wherever it stands. Depends on the seed and what is asked for alone.
 */
export class BlockText {
  readonly #tokenizer: Tokenizer;
  readonly #seed: string;
  readonly #words: readonly string[];
  /** Whether the words are a token each, wherever they stand. */
  readonly #areTokens: boolean;
  readonly #kept = new Map<string, readonly Token[]>();

  constructor(tokenizer: Tokenizer, seed: string) {
    this.#tokenizer = tokenizer;
    this.#seed = seed;
    const single = WORDS.filter((word) => tokenizer.count(word) === 1 && tokenizer.count(` ${word}`) === 1);
    this.#words = single.length >= 50 ? single : WORDS;
    this.#areTokens = tokenizer.count(this.#words.join(" ")) === this.#words.length;
  }

  /** A part of the prompt that `blocks` make up; what they do not cover is text of its own. */
  write(blocks: readonly number[], scope: BlockScope, { from, to, own }: PromptPart): WrittenText {
    const tokens = blocks.slice(0, Math.ceil(to / scope.size)).flatMap((number) => this.#block(number, scope));
    const rest = to - tokens.length;
    if (rest > 0) tokens.push(...this.#tokens(rest, [], seededRandom(this.#seed, "rest", own)));
    const text = this.#text(tokens.slice(from, to));
    // Perf: words that are tokens need not be counted; counting a long prompt takes longer than making it.
    return { text, tokenCount: this.#areTokens ? to - from : this.#tokenizer.count(text) };
  }

  #block(number: number, scope: BlockScope): readonly Token[] {
    const key = `${scope.name}/${scope.size}/${number}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const tokens = this.#tokens(scope.size, this.#spell(number, scope.name), seededRandom(this.#seed, "block", key));
    if (this.#kept.size >= MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? "");
    this.#kept.set(key, tokens);
    return tokens;
  }

  /** The number of a block in words, with which it begins, so that no two are alike however short they are. */
  #spell(number: number, scope: string): readonly string[] {
    const random = seededRandom(this.#seed, "spelling", scope);
    const base = this.#words.length;
    return Array.from({ length: SPELLED }, (_, at) => {
      const digit = Math.floor(number / base ** at) % base;
      return this.#words[(digit + random.below(base)) % base] ?? "word";
    });
  }

  /** So many tokens: those of `first`, then of random words. */
  #tokens(count: number, first: readonly string[], random: SeededRandom): readonly Token[] {
    const words = [...first.slice(0, count)];
    while (words.length < count) words.push(this.#words[random.below(this.#words.length)] ?? "word");
    return this.#areTokens ? words : this.#tokenizer.encode(words.join(" ")).slice(0, count);
  }

  #text(tokens: readonly Token[]): string {
    return this.#areTokens ? tokens.join(" ") : this.#tokenizer.decode(tokens as readonly number[]);
  }
}

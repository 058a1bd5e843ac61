import type { Tokenizer } from "@core/tokenizer";
import type { SeededRandom } from "../seeded-random.js";
import { WORDS } from "./words.js";

const REPAIR_ROUNDS = 8;

/** A text and its length as counted, which is what was asked for unless the tokenizer makes that impossible. */
export interface WrittenText {
  readonly text: string;
  readonly tokenCount: number;
}

/**
 * Writes texts of an exact number of tokens from common words that are one token each in the given tokenizer, so that
 * one count usually confirms the length; otherwise words are added or removed until it fits.
 */
export class PromptWriter {
  readonly #tokenizer: Tokenizer;
  readonly #words: readonly string[];

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
    const single = WORDS.filter((word) => tokenizer.count(` ${word}`) === 1);
    this.#words = single.length >= 50 ? single : WORDS;
  }

  /**
   * Writes one text.
   *
   * @param marker - Text at the very start that makes it unlike others; may be empty.
   * @param tokens - Tokens of the whole text, marker included; 0 gives empty text.
   */
  write(tokens: number, marker: string, random: SeededRandom): WrittenText {
    if (tokens <= 0) return { text: "", tokenCount: 0 };
    const words: string[] = [];
    this.#draw(tokens - this.#tokenizer.count(marker), random, words);
    for (let round = 0; round < REPAIR_ROUNDS; round += 1) {
      const text = join(marker, words);
      const excess = this.#tokenizer.count(text) - tokens;
      if (excess === 0) return { text, tokenCount: tokens };
      if (excess > 0 && words.length === 0) break;
      if (excess > 0) words.length = Math.max(0, words.length - excess);
      else this.#draw(-excess, random, words);
    }
    return this.#cut(tokens, marker, random);
  }

  /** Encodes more than enough and keeps the first tokens; decoding may merge some, so the result is counted again. */
  #cut(tokens: number, marker: string, random: SeededRandom): WrittenText {
    const words: string[] = [];
    this.#draw(tokens, random, words);
    const ids = this.#tokenizer.encode(join(marker, words));
    const text = this.#tokenizer.decode(ids.slice(0, tokens));
    return { text, tokenCount: this.#tokenizer.count(text) };
  }

  /** Adds words that are drawn evenly. */
  #draw(count: number, random: SeededRandom, words: string[]): void {
    for (let at = 0; at < count; at += 1) words.push(this.#words[random.below(this.#words.length)] ?? "word");
  }
}

function join(marker: string, words: readonly string[]): string {
  const text = words.join(" ");
  return marker === "" || words.length === 0 ? `${marker}${text}` : `${marker} ${text}`;
}

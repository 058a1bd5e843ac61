/** Splits text into the units that models count. Synchronous and free of state once made. */
export abstract class Tokenizer {
  /** Identifiers of the tokens of `text`, without special tokens. */
  abstract encode(text: string): number[];

  /** Text of the tokens, special tokens dropped. */
  abstract decode(ids: readonly number[]): string;

  /** Number of tokens of `text`; the same as `encode(text).length`. */
  count(text: string): number {
    return this.encode(text).length;
  }
}

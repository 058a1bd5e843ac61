const SPACE = /\S+/g;

/** Tokens of a text by this server's tokenizer: words separated by white space. */
export function countTokens(text: string): number {
  let count = 0;
  SPACE.lastIndex = 0;
  while (SPACE.test(text)) count += 1;
  return count;
}

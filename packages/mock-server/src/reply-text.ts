// The text of every reply is words of this list, so a reply that comes back as a prompt counts as many tokens.
const WORDS = (
  "the of and to in is that for it as was with be by on not he his but at are this have from or had an they which " +
  "one you were all her she there would their we him been has when who will no more if out so up said what its about " +
  "than into them can only other time new some could these two may first then do"
).split(" ");

/** Text of the token `index` of a reply; empty for each `emptyEvery`-th token (0: for none). */
export function tokenText(ordinal: number, index: number, emptyEvery: number): string {
  if (emptyEvery > 0 && (index + 1) % emptyEvery === 0) return "";
  return ` ${WORDS[(ordinal * 17 + index) % WORDS.length]}`;
}

/** Text of `count` tokens from `first` on. */
export function tokensText(ordinal: number, first: number, count: number, emptyEvery: number): string {
  if (count === 1) return tokenText(ordinal, first, emptyEvery);
  let text = "";
  for (let index = first; index < first + count; index += 1) text += tokenText(ordinal, index, emptyEvery);
  return text;
}

// East Asian wide and fullwidth characters; the emoji among them are found by their property.
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18D08}\u{1AFF0}-\u{1B2FB}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;
// Marks that stand on the character before them, and the vowels and final consonants of a Korean syllable in parts.
const NO_WIDTH = /[\p{Mn}\p{Me}\u1160-\u11FF]/u;

/** Columns a text without control characters takes on a terminal; wide characters (CJK, emoji) take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The beginning of a text that takes at most `width` columns. */
export function cutToWidth(text: string, width: number): string {
  let taken = 0;
  let end = 0;
  for (const character of text) {
    taken += characterWidth(character);
    if (taken > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function characterWidth(character: string): number {
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

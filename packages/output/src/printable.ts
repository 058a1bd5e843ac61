// Control characters (terminal escapes among them), marks that reorder text or hide it, halves of characters.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text from a server or a file, safe to print on a terminal: line breaks become spaces, every other control character
 * its code point in angle brackets.
 *
 * @param most - Characters kept; longer text ends in an ellipsis.
 */
export function printable(text: string, most: number = Number.POSITIVE_INFINITY): string {
  const flat = text.replaceAll(/\s+/gu, " ").trim();
  return escapeUnprintable(flat.length > most ? `${wholeCharacters(flat, Math.max(0, most - 1))}…` : flat);
}

/** Text of one line, safe to print on a terminal, its blanks as they are. */
export function escapeUnprintable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (mark) => `<U+${mark.codePointAt(0)?.toString(16).toUpperCase()}>`);
}

/** The beginning of a text, without half of a character at its end. */
function wholeCharacters(text: string, most: number): string {
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "");
}

// Control characters (terminal escapes among them), and marks that reorder text or hide it.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text from a server or a file, safe to print on a terminal: line breaks become spaces, every other control character
 * its code point in angle brackets.
 *
 * @param most - Characters kept; longer text ends in an ellipsis.
 */
export function printable(text: string, most: number = Number.POSITIVE_INFINITY): string {
  const flat = text.replaceAll(/\s+/gu, " ").trim();
  const short = flat.length > most ? `${flat.slice(0, Math.max(0, most - 1))}…` : flat;
  return short.replaceAll(UNPRINTABLE, (mark) => `<U+${mark.codePointAt(0)?.toString(16).toUpperCase()}>`);
}

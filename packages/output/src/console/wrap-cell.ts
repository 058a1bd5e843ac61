import { cutToWidth, displayWidth } from "../display-width.js";

/** Breaks a text into lines of at most `width` columns, between words where that is possible. */
export function wrapCell(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = breakWord(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return [...lines, line];
}

/** A piece holds one character at least, so that the end is reached. */
function breakWord(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  for (let rest = word; rest !== ""; ) {
    const [first = ""] = rest;
    const piece = cutToWidth(rest, width) || first;
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return pieces;
}

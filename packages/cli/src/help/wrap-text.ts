/** Columns of all help. */
const WIDTH = 100;

/** Breaks text between words into lines of at most `width` characters. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((piece) => piece !== "")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}

/** Breaks the lines of a text that are longer than `width`; all others stay as they are. */
export function wrapLines(text: string, width = WIDTH): string {
  return text
    .split("\n")
    .flatMap((line) => (line.length <= width ? [line] : wrapText(line, width)))
    .join("\n");
}

/** Two columns: names on the left, wrapped text on the right; a long name gets a line of its own. */
export function twoColumns(rows: readonly (readonly [string, string])[], width = WIDTH): string {
  const left = Math.min(34, Math.max(...rows.map(([name]) => name.length), 0) + 2);
  return rows
    .flatMap(([name, text]) => {
      const lines = wrapText(text, Math.max(30, width - left - 2));
      const head = name.length + 2 > left ? [`  ${name}`, ...indent(lines, left + 2)] : null;
      return head ?? [`  ${name.padEnd(left)}${lines[0] ?? ""}`, ...indent(lines.slice(1), left + 2)];
    })
    .join("\n");
}

function indent(lines: readonly string[], by: number): string[] {
  return lines.map((line) => " ".repeat(by) + line);
}

// Draws what a command printed as a terminal: `goodput run ... | node tools/docs/terminal-picture.mjs FILE.svg`.
import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";

const CELL = { width: 7.83, height: 17 };
const MARGIN = 16;

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("name the SVG file to write");
const lines = (await text(process.stdin)).replaceAll("\r", "").trim().split("\n");
const width = Math.ceil(Math.max(...lines.map((line) => [...line].length)) * CELL.width + 2 * MARGIN);
const height = lines.length * CELL.height + 2 * MARGIN;
const escaped = (line) => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const rows = lines.map((line, at) => {
  const isTitle = line !== "" && !/[│┼⚠*]/.test(line) && !line.startsWith(" ");
  const y = MARGIN + (at + 0.78) * CELL.height;
  const length = `textLength="${([...line].length * CELL.width).toFixed(1)}"`;
  return line === ""
    ? ""
    : `<text x="${MARGIN}" y="${y}" ${length}${isTitle ? ' class="title"' : ""}>${escaped(line)}</text>`;
});
writeFileSync(
  file,
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>What the command prints</title>
<style>text { font: 13px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d7dce2; white-space: pre }
.title { fill: #7fd1b9; font-weight: bold }</style>
<rect width="100%" height="100%" rx="8" fill="#14181d"/>
${rows.filter((row) => row !== "").join("\n")}
</svg>
`,
);

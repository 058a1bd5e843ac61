/** One `key=value` of an argument string. */
export interface Pair {
  readonly key: string;
  /** Trimmed text of the value, with its quotes or brackets. */
  readonly value: string;
  /** Position of the pair in the text, from 1. */
  readonly column: number;
}

/** Why a text is no argument string. */
export interface PairProblem {
  readonly problem: string;
  readonly column: number;
}

/** A value that starts with one of these ends where it is closed, commas inside included. */
const OPENING = new Set(['"', "'", "[", "{"]);

/** Splits `key=value,key=value`; commas inside quoted values and inside values in brackets belong to the value. */
export function splitPairs(text: string): readonly Pair[] | PairProblem {
  const pairs: Pair[] = [];
  let at = 0;
  while (true) {
    const start = skipBlanks(text, at);
    const equals = text.indexOf("=", start);
    const comma = text.indexOf(",", start);
    if (equals === -1 || (comma !== -1 && comma < equals)) {
      return badPair(text.slice(start, comma === -1 ? undefined : comma).trim(), start, pairs.at(-1));
    }
    const key = text.slice(start, equals).trim();
    if (key === "") return { problem: 'a key is missing before "="', column: start + 1 };
    const from = skipBlanks(text, equals + 1);
    const end = endOfValue(text, from);
    if (typeof end !== "number") return end;
    pairs.push({ key, value: text.slice(from, end).trim(), column: start + 1 });
    if (end >= text.length) return pairs;
    at = end + 1;
  }
}

/** Splits `a,b,c`; commas inside quotes and brackets belong to the value. Empty pieces are kept. */
export function splitValues(text: string): string[] | PairProblem {
  const values: string[] = [];
  let at = 0;
  while (true) {
    const from = skipBlanks(text, at);
    const end = endOfValue(text, from);
    if (typeof end !== "number") return end;
    values.push(text.slice(from, end).trim());
    if (end >= text.length) return values;
    at = end + 1;
  }
}

function badPair(piece: string, start: number, before: Pair | undefined): PairProblem {
  if (piece === "") return { problem: "key=value is missing after the comma", column: start + 1 };
  const repair =
    before === undefined ? "" : ` (a list is written in brackets, text with commas in quotes: ${before.key}=[...])`;
  return { problem: `"${piece}" is not key=value${repair}`, column: start + 1 };
}

/** Position of the comma after a value, or of the end of the text. */
function endOfValue(text: string, from: number): number | PairProblem {
  if (!OPENING.has(text[from] ?? "")) {
    const comma = text.indexOf(",", from);
    return comma === -1 ? text.length : comma;
  }
  const close = closingPosition(text, from);
  if (close === null) return { problem: `${text[from]} is not closed`, column: from + 1 };
  const next = skipBlanks(text, close + 1);
  if (next < text.length && text[next] !== ",")
    return { problem: `a comma is missing after ${text[close]}`, column: next + 1 };
  return next;
}

/** Where the quote or bracket that opens at a position is closed; null when it is not. */
function closingPosition(text: string, from: number): number | null {
  const open: string[] = [];
  let quote = "";
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (quote !== "") {
      if (escapesNext(text, at, quote)) at += 1;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "[" || character === "{") open.push(character === "[" ? "]" : "}");
    else if (character === "]" || character === "}") {
      if (open.pop() !== character) return null;
    }
    if (quote === "" && open.length === 0) return at;
  }
  return null;
}

/** Double quotes escape with a backslash, single quotes by doubling, as in YAML. */
function escapesNext(text: string, at: number, quote: string): boolean {
  return quote === '"' ? text[at] === "\\" : text[at] === "'" && text[at + 1] === "'";
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && (text[at] ?? "").trim() === "") at += 1;
  return at;
}

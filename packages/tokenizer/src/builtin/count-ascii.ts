import { CHUNK_BYTES } from "./chunk-bytes.js";

const LETTER = 0;
const DIGIT = 1;
const SIGN = 2;
const SPACE = 3;
const BLANK = 0x20;
const MOST_DIGITS = 3;
const CLASSES = Uint8Array.from({ length: 128 }, (_, unit) => classOf(String.fromCharCode(unit)));

/**
 * Tokens of a text of ASCII characters by the rule of the built-in tokenizer; null for other texts. Perf: prompts are
 * counted one by one while they are made, and the pieces of a text as a list are most of the garbage of that.
 */
export function countAscii(text: string): number | null {
  let count = 0;
  let at = 0;
  while (at < text.length) {
    const next = text.charCodeAt(at + 1); // NaN at the end
    const isFree = text.charCodeAt(at) === BLANK && next < 128 && CLASSES[next] !== SPACE;
    const start = isFree ? at + 1 : at;
    const end = endOfRun(text, start);
    if (end === start) return null;
    count += Math.ceil((end - start) / CHUNK_BYTES);
    at = end;
  }
  return count;
}

/** Where the run of characters of one class that begins at `start` ends; `start` when a character is not ASCII. */
function endOfRun(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first >= 128) return start;
  const kind = CLASSES[first];
  const most = kind === DIGIT ? Math.min(text.length, start + MOST_DIGITS) : text.length;
  let end = start + 1;
  for (; end < most; end += 1) {
    const unit = text.charCodeAt(end);
    if (unit >= 128) return start;
    if (CLASSES[unit] !== kind) break;
  }
  return end;
}

function classOf(character: string): number {
  if (/[a-z]/i.test(character)) return LETTER;
  if (/\d/.test(character)) return DIGIT;
  return /\s/.test(character) ? SPACE : SIGN;
}

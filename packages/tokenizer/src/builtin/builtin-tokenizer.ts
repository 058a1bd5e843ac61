import { Tokenizer } from "../tokenizer.js";
import { CHUNK_BYTES } from "./chunk-bytes.js";
import { countAscii } from "./count-ascii.js";

// A letter run, up to three digits, or a run of other signs, each with one blank before it; else white space.
const PIECES = / ?\p{L}+| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+/gu;

const BLANK = 8;
const SHIFT = 2 ** 48;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const scratch = new Uint8Array(CHUNK_BYTES * 3);

/**
 * Tokenizer without a vocabulary: words, digit groups and sign groups, each cut into chunks of at most six UTF-8 bytes
 * (a blank before a piece is free). Common English words up to six letters are one token, as they are in the
 * vocabularies of today's models. An identifier holds the bytes themselves, so that decoding restores any text exactly
 * (lone surrogates become U+FFFD).
 */
export class BuiltinTokenizer extends Tokenizer {
  override encode(text: string): number[] {
    const ids: number[] = [];
    for (const piece of text.match(PIECES) ?? []) encodePiece(piece, ids);
    return ids;
  }

  override count(text: string): number {
    const known = countAscii(text);
    if (known !== null) return known;
    let count = 0;
    for (const piece of text.match(PIECES) ?? []) count += Math.ceil(byteLength(piece) / CHUNK_BYTES);
    return count;
  }

  override decode(ids: readonly number[]): string {
    const bytes: number[] = [];
    for (const id of ids) {
      const head = Math.floor(id / SHIFT);
      if (head >= BLANK) bytes.push(32);
      let rest = id % SHIFT;
      for (let at = (head % BLANK) - 1; at >= 0; at -= 1) {
        const unit = 256 ** at;
        bytes.push(Math.floor(rest / unit));
        rest %= unit;
      }
    }
    return decoder.decode(new Uint8Array(bytes));
  }
}

function hasFreeBlank(piece: string): boolean {
  return piece.length > 1 && piece.charCodeAt(0) === 32 && piece.trim() !== "";
}

function byteLength(piece: string): number {
  return Buffer.byteLength(piece) - (hasFreeBlank(piece) ? 1 : 0);
}

function encodePiece(piece: string, ids: number[]): void {
  let blank = hasFreeBlank(piece) ? BLANK : 0;
  const body = blank === 0 ? piece : piece.slice(1);
  const bytes = body.length <= CHUNK_BYTES ? scratch : new Uint8Array(body.length * 3);
  const { written } = encoder.encodeInto(body, bytes);
  for (let from = 0; from < written; from += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES, written - from);
    let value = 0;
    for (let at = 0; at < length; at += 1) value = value * 256 + (bytes[from + at] ?? 0);
    ids.push((blank + length) * SHIFT + value);
    blank = 0;
  }
}

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { isMapping, show } from "@core/registry";
import { badRow } from "../finalizer/read-cells.js";

/** What a cell of media holds: encoded bytes, or the URL of some that were not fetched. */
export type MediaCell = EncodedBytes | { readonly url: string };

/** Encoded bytes and what is known of them besides. */
export interface EncodedBytes {
  readonly bytes: Uint8Array;
  /** Name of the file; null when there is none. */
  readonly name: string | null;
  /** The data URL in which they came; null when they came otherwise. */
  readonly dataUrl: string | null;
}

/** What distinguishes one medium from the others. */
export interface Medium {
  readonly word: "audio" | "image" | "video";
  /** Whether the first bytes of a file are those of such a medium. */
  readonly isKnown: (start: Uint8Array) => boolean;
}

/** Fields of a mapping in which the medium may be, in this order. */
const FIELDS = ["data", "bytes", "path", "url"] as const;
/** Characters of base64 text that tell what it holds: 48 bytes. */
const START_CHARACTERS = 64;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads a cell: encoded bytes, a data URL, base64 text, a URL or a path, or a mapping with one of these as `data`, `bytes`,
 * `path`, `url` or under the name of the medium.
 *
 * @throws {DataError} CORE_DATA_BAD_ROW for anything else, and for a file that cannot be read.
 */
export function readMediaCell(cell: unknown, medium: Medium): MediaCell {
  if (isMapping(cell)) {
    const inner = [...FIELDS, medium.word].map((name) => cell[name]).find(isPresent);
    if (inner !== undefined && !isMapping(inner)) return withName(readMediaCell(inner, medium), cell);
  }
  if (ArrayBuffer.isView(cell)) {
    return { bytes: new Uint8Array(cell.buffer, cell.byteOffset, cell.byteLength), name: null, dataUrl: null };
  }
  if (typeof cell === "string") return readText(cell, medium);
  throw badRow(`${medium.word} must be a path, encoded bytes or a data URL, got ${show(cell)}`);
}

/** How a cell is named in messages, never longer than a line. */
export function nameOfCell(cell: unknown, { word }: Medium): string {
  return typeof cell === "string" ? show(cell.slice(0, 200)) : `the ${word}`;
}

function readText(cell: string, medium: Medium): MediaCell {
  const head = /^data:([a-z0-9.+/-]*)[^,]*;base64,/i.exec(cell);
  if (head !== null) {
    if (!head[1]?.toLowerCase().startsWith(`${medium.word}/`)) {
      throw badRow(`${nameOfCell(cell.slice(0, 60), medium)} is no data URL of type ${medium.word}`);
    }
    return { bytes: fromBase64(cell.slice(head[0].length)), name: null, dataUrl: cell };
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(cell)) return { url: cell };
  if (isBase64Of(cell, medium)) return { bytes: fromBase64(cell), name: null, dataUrl: null };
  try {
    return { bytes: copy(readFileSync(cell)), name: basename(cell), dataUrl: null };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw badRow(`the ${medium.word} file ${nameOfCell(cell, medium)} cannot be read: ${reason}`);
  }
}

/** A path may be made of the same letters: what is decoded must begin like a file of the medium. */
function isBase64Of(text: string, { isKnown }: Medium): boolean {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return false;
  return isKnown(Buffer.from(text.slice(0, START_CHARACTERS), "base64"));
}

function withName(found: MediaCell, cell: Readonly<Record<string, unknown>>): MediaCell {
  if ("url" in found) return found;
  const { file_name: given } = cell;
  const path = typeof cell["path"] === "string" ? basename(cell["path"]) : null;
  return { ...found, name: typeof given === "string" ? given : (found.name ?? path) };
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function fromBase64(text: string): Uint8Array {
  return copy(Buffer.from(text, "base64"));
}

/** Bytes in memory of their own: messages between threads copy all of the memory that a view belongs to. */
function copy(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { isMapping, show } from "@core/registry";
import { badRow } from "../finalizer/read-cells.js";
import { readAudioHeader } from "./audio-header.js";

/** An audio as requests carry it; names are those of GuideLLM. */
export interface EncodedAudio {
  readonly type: "audio_file";
  /** The bytes of the file, as they were. */
  readonly audio: Uint8Array;
  readonly file_name: string;
  readonly format: string;
  readonly mimetype: string;
  /** Null where the header does not tell. */
  readonly audio_samples: number | null;
  readonly audio_seconds: number | null;
  readonly audio_bytes: number;
}

/** MIME types whose name is not that of the format. */
const MIME_NAMES: Readonly<Record<string, string>> = { mp3: "mpeg", m4a: "mp4" };
const DATA_URL = /^data:audio\/[^,]*;base64,/i;

/**
 * Audio of a cell: a path, encoded bytes, a data URL, or a mapping with one of these as `data`, `bytes`, `path` or `url`.
 * The bytes are sent as they are; what is encoded already passes unchanged.
 *
 * @param fileName - Name to send it under; null for that of the file.
 * @throws {DataError} CORE_DATA_BAD_ROW for a file that cannot be read or is not audio.
 */
export function encodeAudio(cell: unknown, fileName: string | null): EncodedAudio {
  if (isMapping(cell)) {
    if (cell["type"] === "audio_file" && cell["audio"] !== undefined) return cell as unknown as EncodedAudio;
    const inner = cell["data"] ?? cell["bytes"] ?? cell["path"] ?? cell["url"];
    const name = cell["file_name"] ?? (typeof cell["path"] === "string" ? basename(cell["path"]) : null);
    if (inner !== undefined && inner !== null && !isMapping(inner)) {
      return encodeAudio(inner, fileName ?? (typeof name === "string" ? name : null));
    }
  }
  const bytes = bytesOf(cell);
  const header = readAudioHeader(bytes);
  if (header === null) {
    throw badRow(`${nameOf(cell)} is not audio that is known (wav, flac, mp3, ogg, m4a, aac, webm)`);
  }
  const isPath = typeof cell === "string" && !DATA_URL.test(cell);
  return {
    type: "audio_file",
    audio: bytes,
    file_name: fileName ?? (isPath ? basename(cell) : `audio.${header.format}`),
    format: header.format,
    mimetype: `audio/${MIME_NAMES[header.format] ?? header.format}`,
    audio_samples: header.samples,
    audio_seconds: header.seconds,
    audio_bytes: bytes.byteLength,
  };
}

function bytesOf(cell: unknown): Uint8Array {
  if (ArrayBuffer.isView(cell)) return new Uint8Array(cell.buffer, cell.byteOffset, cell.byteLength);
  if (typeof cell !== "string") throw badRow(`audio must be a path, encoded bytes or a data URL, got ${show(cell)}`);
  const dataUrl = DATA_URL.exec(cell);
  if (dataUrl !== null) return copy(Buffer.from(cell.slice(dataUrl[0].length), "base64"));
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(cell)) {
    throw badRow(`audio at a URL is not fetched (${nameOf(cell)}): store the file and name its path`);
  }
  try {
    return copy(readFileSync(cell));
  } catch (error) {
    throw badRow(`the audio file ${nameOf(cell)} cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`);
  }
}

/** Bytes in memory of their own: messages between threads copy all of the memory that a view belongs to. */
function copy(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}

function nameOf(cell: unknown): string {
  return typeof cell === "string" ? show(cell.slice(0, 200)) : "the audio";
}

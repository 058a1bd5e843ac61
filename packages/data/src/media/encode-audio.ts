import { isMapping } from "@core/registry";
import { badRow } from "../finalizer/read-cells.js";
import { readAudioHeader } from "./audio-header.js";
import { type Medium, nameOfCell, readMediaCell } from "./media-cell.js";

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
const AUDIO: Medium = { word: "audio", isKnown: (start) => readAudioHeader(start) !== null };

/**
 * Audio of a cell. The bytes are sent as they are; what is encoded already passes unchanged.
 *
 * @param fileName - Name to send it under; null for that of the file.
 * @throws {DataError} CORE_DATA_BAD_ROW for a file that cannot be read or is not audio.
 */
export function encodeAudio(cell: unknown, fileName: string | null): EncodedAudio {
  if (isMapping(cell) && cell["type"] === "audio_file" && cell["audio"] !== undefined) {
    return cell as unknown as EncodedAudio;
  }
  const found = readMediaCell(cell, AUDIO);
  if ("url" in found) {
    throw badRow(`audio at a URL is not fetched (${nameOfCell(found.url, AUDIO)}): store the file and name its path`);
  }
  const { bytes, name } = found;
  const header = readAudioHeader(bytes);
  if (header === null) {
    throw badRow(`${nameOfCell(cell, AUDIO)} is not audio that is known (wav, flac, mp3, ogg, m4a, aac, webm)`);
  }
  return {
    type: "audio_file",
    audio: bytes,
    file_name: fileName ?? name ?? `audio.${header.format}`,
    format: header.format,
    mimetype: `audio/${MIME_NAMES[header.format] ?? header.format}`,
    audio_samples: header.samples,
    audio_seconds: header.seconds,
    audio_bytes: bytes.byteLength,
  };
}

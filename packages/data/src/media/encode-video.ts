import { extname } from "node:path";
import { isMapping } from "@core/registry";
import { badRow } from "../finalizer/read-cells.js";
import type { EncodeType } from "./encode-image.js";
import { type Medium, nameOfCell, readMediaCell } from "./media-cell.js";

/** A video as requests carry it; names are those of GuideLLM. */
export interface EncodedVideo {
  readonly type: "video_base64" | "video_url";
  /** Data URL, or a URL that the server fetches. */
  readonly video: string;
  /** Known of generated videos alone. */
  readonly video_frames: number | null;
  /** Known of generated videos alone. */
  readonly video_seconds: number | null;
  /** Bytes of the file, before base64; null for a URL. */
  readonly video_bytes: number | null;
}

const VIDEO: Medium = { word: "video", isKnown: (start) => typeOf(start) !== null };

/**
 * Video of a cell. The bytes are sent as they are and are not looked into; a URL is sent for the server to fetch; what is
 * encoded already passes unchanged.
 *
 * @throws {DataError} CORE_DATA_BAD_ROW for what cannot be read, and for a URL that would have to be fetched.
 */
export function encodeVideo(cell: unknown, encodeType: EncodeType): EncodedVideo {
  if (isMapping(cell) && typeof cell["type"] === "string" && typeof cell["video"] === "string") {
    return cell as unknown as EncodedVideo;
  }
  const unmeasured = { video_frames: null, video_seconds: null };
  const found = readMediaCell(cell, VIDEO);
  if ("url" in found) {
    if (encodeType !== "base64") return { type: "video_url", video: found.url, ...unmeasured, video_bytes: null };
    throw badRow(
      `a video at a URL is not fetched (${nameOfCell(found.url, VIDEO)}): use encode_type=url, or store the file`,
    );
  }
  const { bytes, name, dataUrl } = found;
  const suffix = extname(name ?? "")
    .slice(1)
    .toLowerCase();
  const type = typeOf(bytes) ?? (suffix === "" ? "unknown" : suffix);
  const video = dataUrl ?? `data:video/${type};base64,${Buffer.from(bytes).toString("base64")}`;
  return { type: "video_base64", video, ...unmeasured, video_bytes: bytes.byteLength };
}

/** MIME type by the first bytes; null when they are of no known container. */
function typeOf(bytes: Uint8Array): string | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 12));
  const at = (start: number, end: number) => buffer.toString("latin1", start, end);
  if (at(4, 8) === "ftyp") return at(8, 10) === "qt" ? "quicktime" : "mp4";
  if (at(0, 4) === "\x1a\x45\xdf\xa3") return "webm";
  if (at(0, 4) === "RIFF" && at(8, 12) === "AVI ") return "x-msvideo";
  return at(0, 4) === "OggS" ? "ogg" : null;
}

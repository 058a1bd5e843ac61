import { isMapping } from "@core/registry";
import { imageSize } from "image-size";
import { badRow } from "../finalizer/read-cells.js";
import { type Medium, nameOfCell, readMediaCell } from "./media-cell.js";
import type { ResizeImage } from "./resize-image.js";

/** An image as requests carry it; names are those of GuideLLM. */
export interface EncodedImage {
  readonly type: "image_base64" | "image_url";
  /** Data URL, or a URL that the server fetches. */
  readonly image: string;
  /** Null for a URL. */
  readonly image_pixels: number | null;
  /** Bytes of the file, before base64; null for a URL. */
  readonly image_bytes: number | null;
}

/** How URLs are sent: as they are, or not at all, because they are not fetched. */
export type EncodeType = "url" | "base64" | null;

/** Types whose name is not that of the suffix. */
const MIME_NAMES: Readonly<Record<string, string>> = { jpg: "jpeg", svg: "svg+xml", ico: "x-icon" };
const IMAGE: Medium = { word: "image", isKnown: (start) => isImageStart(Buffer.from(start)) };

/**
 * Image of a cell. The bytes are sent as they are, unless they are to be resized; a URL is sent for the server to fetch;
 * what is encoded already passes unchanged.
 *
 * @param resize - Makes another image of it; null to leave it.
 * @throws {DataError} CORE_DATA_BAD_ROW for what cannot be read or is not an image, and for a URL that would have to be
 * fetched.
 */
export function encodeImage(cell: unknown, encodeType: EncodeType, resize: ResizeImage | null): EncodedImage {
  if (isMapping(cell) && typeof cell["type"] === "string" && typeof cell["image"] === "string") {
    return cell as unknown as EncodedImage;
  }
  const found = readMediaCell(cell, IMAGE);
  if ("url" in found) {
    if (encodeType !== "base64" && resize === null) {
      return { type: "image_url", image: found.url, image_pixels: null, image_bytes: null };
    }
    throw badRow(
      `an image at a URL is not fetched (${nameOfCell(found.url, IMAGE)}), which ` +
        `${resize === null ? "encode_type=base64" : "resizing"} would need: store the file and name its path`,
    );
  }
  const { type, width, height } = sizeOf(found.bytes, cell);
  if (resize !== null) {
    const resized = resize(found.bytes, { type, width, height });
    if (resized !== null) return toPart(resized.bytes, "jpg", resized.width * resized.height, null);
  }
  return toPart(found.bytes, type, width * height, found.dataUrl);
}

function toPart(bytes: Uint8Array, type: string, pixels: number, dataUrl: string | null): EncodedImage {
  const image = dataUrl ?? `data:image/${MIME_NAMES[type] ?? type};base64,${Buffer.from(bytes).toString("base64")}`;
  return { type: "image_base64", image, image_pixels: pixels, image_bytes: bytes.byteLength };
}

function sizeOf(bytes: Uint8Array, cell: unknown): { type: string; width: number; height: number } {
  try {
    const { type = "", width, height } = imageSize(bytes);
    return { type, width, height };
  } catch {
    throw badRow(`${nameOfCell(cell, IMAGE)} is not an image that is known (png, jpeg, webp, gif, bmp, tiff, avif, …)`);
  }
}

function isImageStart(start: Buffer): boolean {
  const at = (from: number, to: number) => start.toString("latin1", from, to);
  return (
    at(1, 4) === "PNG" ||
    at(0, 3) === "\xff\xd8\xff" ||
    at(0, 4) === "GIF8" ||
    (at(0, 4) === "RIFF" && at(8, 12) === "WEBP") ||
    at(0, 4) === "II*\0" ||
    at(0, 4) === "MM\0*" ||
    (at(0, 2) === "BM" && at(6, 10) === "\0\0\0\0") ||
    (at(4, 8) === "ftyp" && /avif|heic|mif1/.test(at(8, 32)))
  );
}

import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { badRow } from "../finalizer/read-cells.js";
import { resample } from "./resample.js";

/** What is wanted of the size of an image, pixels; null where nothing is. */
export interface ImageLimits {
  readonly width: number | null;
  readonly height: number | null;
  readonly max_width: number | null;
  readonly max_height: number | null;
}

/** Size of an image and its format as a suffix. */
export interface ImageInfo {
  readonly type: string;
  readonly width: number;
  readonly height: number;
}

/** An encoded image and its size. */
export interface SizedImage {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Makes a JPEG of the wanted size; null when the image has it. */
export type ResizeImage = (bytes: Uint8Array, info: ImageInfo) => SizedImage | null;

/** Quality of the JPEG that is made, 1 to 100: that of GuideLLM. */
const QUALITY = 75;

/** @throws {DataError} CORE_DATA_BAD_ROW for images that are neither JPEG nor PNG, when these have another size. */
export function createResizer(limits: ImageLimits): ResizeImage {
  return (bytes, info) => {
    const { width, height } = wantedSize(info, limits);
    if (width === info.width && height === info.height) return null;
    const data = resample(decode(bytes, info.type), { width, height });
    return { bytes: new Uint8Array(jpeg.encode({ data, width, height }, QUALITY).data), width, height };
  };
}

/**
 * Size of an image under limits: width and height are exact, one of them alone keeps the aspect; the largest sizes only
 * shrink and keep it too. At least one pixel.
 */
export function wantedSize(
  { width, height }: Pick<ImageInfo, "width" | "height">,
  limits: ImageLimits,
): { readonly width: number; readonly height: number } {
  let [wide, high] = [width, height];
  if (limits.width !== null || limits.height !== null) {
    wide = limits.width ?? (width * (limits.height ?? height)) / height;
    high = limits.height ?? (height * (limits.width ?? width)) / width;
  }
  const shrink = Math.min(1, (limits.max_width ?? wide) / wide, (limits.max_height ?? high) / high);
  const pixels = (size: number) => Math.max(1, Math.round(size * shrink));
  return { width: pixels(wide), height: pixels(high) };
}

function decode(bytes: Uint8Array, type: string): { data: Uint8Array; width: number; height: number } {
  try {
    if (type === "jpg") return jpeg.decode(bytes, { useTArray: true, formatAsRGBA: true });
    if (type === "png") return PNG.sync.read(Buffer.from(bytes));
  } catch (error) {
    throw badRow(`the image cannot be decoded: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw badRow(`an image of type ${type} cannot be resized: only jpeg and png can`);
}

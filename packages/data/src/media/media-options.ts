import { show } from "@core/registry";
import { DataError } from "../errors.js";
import type { EncodeType } from "./encode-image.js";
import type { ImageLimits } from "./resize-image.js";

/** Args of the preprocessor. */
export interface EncodeMediaOptions {
  readonly audio_kwargs: Readonly<Record<string, unknown>>;
  readonly image_kwargs: Readonly<Record<string, unknown>>;
  readonly video_kwargs: Readonly<Record<string, unknown>>;
}

/** The same, read. */
export interface MediaOptions {
  readonly fileName: string | null;
  readonly imageType: EncodeType;
  /** Null when images keep their size. */
  readonly limits: ImageLimits | null;
  readonly videoType: EncodeType;
}

/**
 * Reads the options; null is as good as absent.
 *
 * @throws {DataError} CORE_DATA_NOT_BUILT for options that would need to decode and encode audio again, and for values
 * that are none.
 */
export function readMediaOptions({ audio_kwargs, image_kwargs, video_kwargs }: EncodeMediaOptions): MediaOptions {
  const { file_name = null, ...audio } = audio_kwargs;
  const { encode_type: image_type = null, width, height, max_size, max_width, max_height, ...image } = image_kwargs;
  const { encode_type: video_type = null, ...video } = video_kwargs;
  refuseOthers("audio_kwargs", audio, "file_name");
  refuseOthers("image_kwargs", image, "encode_type, width, height, max_size, max_width, max_height");
  refuseOthers("video_kwargs", video, "encode_type");
  if (file_name !== null && typeof file_name !== "string") throw unusable("audio_kwargs.file_name", "text", file_name);
  const limits: ImageLimits = {
    width: readPixels("width", width),
    height: readPixels("height", height),
    max_width: readPixels("max_width", max_width) ?? readPixels("max_size", max_size),
    max_height: readPixels("max_height", max_height) ?? readPixels("max_size", max_size),
  };
  const isLimited = Object.values(limits).some((limit) => limit !== null);
  const imageType = readType("image_kwargs", image_type);
  if (imageType === "url" && isLimited) {
    throw unusable("image_kwargs.encode_type", "base64 where images are resized", imageType);
  }
  return {
    fileName: file_name,
    imageType,
    limits: isLimited ? limits : null,
    videoType: readType("video_kwargs", video_type),
  };
}

function readType(name: string, value: unknown): EncodeType {
  if (value === null || value === "url" || value === "base64") return value;
  throw unusable(`${name}.encode_type`, "url or base64", value);
}

function readPixels(name: string, value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number > 0) return number;
  throw unusable(`image_kwargs.${name}`, "a whole number of pixels > 0", value);
}

function refuseOthers(name: string, options: Readonly<Record<string, unknown>>, known: string): void {
  const [option] = Object.entries(options).find(([, value]) => value !== null) ?? [];
  if (option === undefined) return;
  throw new DataError(`encode_media cannot do ${name}.${option} yet: audio and video are sent as they are.`, {
    code: "CORE_DATA_NOT_BUILT",
    hint: `Convert the files beforehand and leave the option out. Known: ${known}.`,
  });
}

function unusable(option: string, expected: string, value: unknown): DataError {
  return new DataError(`encode_media: ${option} must be ${expected}, got ${show(value)}.`, {
    code: "CORE_DATA_NOT_BUILT",
    hint: "Correct it, or leave it out.",
  });
}

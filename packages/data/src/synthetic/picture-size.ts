import { integerField, nullable, textField } from "@core/registry";

/** Width and height by the usual names (GuideLLM's). */
const PRESETS: Readonly<Record<string, readonly [width: number, height: number]>> = {
  "240p": [426, 240],
  "360p": [640, 360],
  "480p": [854, 480],
  "540p": [960, 540],
  "720p": [1280, 720],
  "1080p": [1920, 1080],
  "1440p": [2560, 1440],
  "2160p": [3840, 2160],
  "4k": [3840, 2160],
};

/** Fields that say how large pictures are. */
export const PICTURE_SIZE_FIELDS = {
  width: nullable(integerField("Width in pixels.", { exclusiveMinimum: 0 })),
  height: nullable(integerField("Height in pixels.", { exclusiveMinimum: 0 })),
  resolution: nullable(textField(`Size by name: ${Object.keys(PRESETS).join(", ")}.`)),
  aspect_ratio: nullable(textField("Width to height, for example 16:9: gives what is missing.")),
} as const;

/** Values of {@link PICTURE_SIZE_FIELDS}. */
export interface PictureSizeArgs {
  readonly width: number | null;
  readonly height: number | null;
  readonly resolution: string | null;
  readonly aspect_ratio: string | null;
}

/** Pixels; both even, as video encoders need it. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The size that the fields give, rounded down to even numbers; or what is wrong with them. */
export function pictureSize(args: PictureSizeArgs): PictureSize | string {
  const ratio = args.aspect_ratio === null ? null : readRatio(args.aspect_ratio);
  if (Number.isNaN(ratio)) return `aspect_ratio must be W:H or W/H, got "${args.aspect_ratio}"`;
  const name = args.resolution?.trim().toLowerCase() ?? null;
  const preset = name === null ? null : PRESETS[name];
  if (preset === undefined) {
    return `resolution must be one of ${Object.keys(PRESETS).join(", ")}, got "${args.resolution}"`;
  }
  const byRatio = ratio !== null && args.width !== null ? Math.round(args.width / ratio) : null;
  const height = args.height ?? (preset === null ? byRatio : preset[1]);
  const width = args.width ?? (ratio !== null && height !== null ? Math.round(height * ratio) : (preset?.[0] ?? null));
  if (width === null || height === null) return "needs width and height, one of them with aspect_ratio, or resolution";
  const size = { width: width - (width % 2), height: height - (height % 2) };
  return size.width > 0 && size.height > 0 ? size : `is ${width} x ${height} pixels, and must be at least 2 x 2`;
}

/** NaN for what is no ratio. */
function readRatio(text: string): number {
  const [, width, height] = /^\s*(\d+(?:\.\d+)?)\s*[:/]\s*(\d+(?:\.\d+)?)\s*$/.exec(text) ?? [];
  const ratio = Number(width) / Number(height);
  return ratio > 0 && Number.isFinite(ratio) ? ratio : Number.NaN;
}

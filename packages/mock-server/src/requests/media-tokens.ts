import type { MockServerOptions } from "../mock-server-options.js";

/** Estimates of GuideLLM's mock server, bytes for each second. */
const PCM_BYTES = 32_000;
const COMPRESSED_BYTES = 8000;

/** Audio of a prompt: base64 and its format. */
export interface GivenAudio {
  readonly data: string;
  readonly format?: string | null | undefined;
}

/** Media of a prompt. */
export interface GivenMedia {
  readonly images: number;
  readonly videos: number;
  readonly audio: readonly GivenAudio[];
}

/** Prompt tokens of media; null where there is none of a kind. */
export interface MediaTokens {
  readonly image: number | null;
  readonly video: number | null;
  readonly audio: number | null;
  /** Estimated length of the audio, seconds. */
  readonly seconds: number | null;
}

/** Nothing but text. */
export const NO_MEDIA: MediaTokens = { image: null, video: null, audio: null, seconds: null };

/** What media counts as: a fixed number for each image and video, and for each estimated second of audio. */
export function mediaTokens(media: GivenMedia, options: MockServerOptions): MediaTokens {
  const seconds = media.audio.reduce((sum, audio) => sum + secondsOf(audio), 0);
  const hasAudio = media.audio.length > 0;
  return {
    image: media.images === 0 ? null : media.images * options.image_tokens,
    video: media.videos === 0 ? null : media.videos * options.video_tokens,
    audio: hasAudio ? Math.ceil(seconds * options.audio_tokens_per_second) : null,
    seconds: hasAudio ? Math.round(seconds * 1000) / 1000 : null,
  };
}

/** The texts before the first medium; null stands for one. What comes behind is not looked for in a prefix cache. */
export function textsBeforeMedia(texts: readonly (string | null)[]): readonly string[] {
  const first = texts.indexOf(null);
  return (first === -1 ? texts : texts.slice(0, first)) as readonly string[];
}

/** All tokens of media together. */
export function totalMediaTokens({ image, video, audio }: MediaTokens): number {
  return (image ?? 0) + (video ?? 0) + (audio ?? 0);
}

function secondsOf({ data, format }: GivenAudio): number {
  return audioSeconds(Buffer.byteLength(data, "base64"), format ?? "");
}

/** Estimated length of encoded audio, seconds; `kind` is its format, MIME type or file name. */
export function audioSeconds(bytes: number, kind: string): number {
  return bytes / (/wav|pcm/i.test(kind) ? PCM_BYTES : COMPRESSED_BYTES);
}

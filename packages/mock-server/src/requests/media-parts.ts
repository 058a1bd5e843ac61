import * as v from "valibot";
import { audioSeconds } from "../audio/audio-seconds.js";
import type { MockServerOptions } from "../mock-server-options.js";

const url = v.looseObject({ url: v.pipe(v.string(), v.minLength(1)) });
const base64 = v.pipe(v.string(), v.minLength(1), v.base64());
const audio = v.looseObject({ data: base64, format: v.optional(v.string(), "") });

/** Parts of a message that hold media, and those that count nothing here. */
export const mediaParts = [
  v.looseObject({ type: v.literal("image_url"), image_url: url }),
  v.looseObject({ type: v.literal("video_url"), video_url: url }),
  v.looseObject({ type: v.literal("input_audio"), input_audio: audio }),
  v.looseObject({ type: v.picklist(["audio_url", "file"]) }),
] as const;

/** A part of a message that is not text. */
export type MediaPart = v.InferOutput<(typeof mediaParts)[number]>;

/** Prompt tokens of media as usage tells them: only of what there is. */
export interface MediaTokens {
  readonly image_tokens?: number;
  readonly video_tokens?: number;
  readonly audio_tokens?: number;
  /** Seconds of audio. */
  readonly seconds?: number;
}

/** Tokens of the media of a request; the length of audio is estimated from its bytes. Null without media. */
export function mediaTokens(parts: readonly MediaPart[], options: MockServerOptions): MediaTokens | null {
  let images = 0;
  let videos = 0;
  let sounds = 0;
  let seconds = 0;
  for (const part of parts) {
    if (part.type === "image_url") images += 1;
    else if (part.type === "video_url") videos += 1;
    else if (part.type === "input_audio") {
      const { data, format } = part.input_audio as v.InferOutput<typeof audio>;
      sounds += 1;
      seconds += audioSeconds(Buffer.byteLength(data, "base64"), format);
    }
  }
  if (images + videos + sounds === 0) return null;
  return {
    ...(images === 0 ? {} : { image_tokens: images * options.image_tokens }),
    ...(videos === 0 ? {} : { video_tokens: videos * options.video_tokens }),
    ...(sounds === 0
      ? {}
      : {
          audio_tokens: Math.ceil(seconds * options.audio_tokens_per_second),
          seconds: Math.round(seconds * 1000) / 1000,
        }),
  };
}

/** All of them together. */
export function sumOfMedia({ image_tokens = 0, video_tokens = 0, audio_tokens = 0 }: MediaTokens): number {
  return image_tokens + video_tokens + audio_tokens;
}

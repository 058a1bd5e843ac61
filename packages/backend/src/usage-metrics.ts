import { TextMeter } from "./text-meter.js";

/** Counters of one side of a request; null means "unknown", which is not zero. Names are those of the report. */
export interface UsageMetrics {
  readonly text_tokens: number | null;
  /** Part of `text_tokens` that the server took from a cache. */
  readonly cached_tokens: number | null;
  /** Part of `text_tokens` that was reasoning. */
  readonly reasoning_tokens: number | null;
  readonly text_words: number | null;
  readonly text_characters: number | null;
  readonly image_tokens: number | null;
  readonly image_count: number | null;
  readonly image_pixels: number | null;
  readonly image_bytes: number | null;
  readonly video_tokens: number | null;
  readonly video_frames: number | null;
  readonly video_seconds: number | null;
  readonly video_bytes: number | null;
  readonly audio_tokens: number | null;
  readonly audio_samples: number | null;
  readonly audio_seconds: number | null;
  readonly audio_bytes: number | null;
  readonly tool_call_tokens: number | null;
  readonly mixed_content_tool_tokens: number | null;
  readonly tool_call_count: number | null;
}

/** Counters about which nothing is known. Frozen: spread it to fill some in. */
export const UNKNOWN_USAGE: UsageMetrics = Object.freeze(unknownUsage());

/**
 * A new object without any counter, to fill in. Perf: for what is made for every request; a copy of the frozen
 * {@link UNKNOWN_USAGE} takes more than ten times as long.
 */
export function unknownUsage(): Record<keyof UsageMetrics, number | null> {
  return {
    text_tokens: null,
    cached_tokens: null,
    reasoning_tokens: null,
    text_words: null,
    text_characters: null,
    image_tokens: null,
    image_count: null,
    image_pixels: null,
    image_bytes: null,
    video_tokens: null,
    video_frames: null,
    video_seconds: null,
    video_bytes: null,
    audio_tokens: null,
    audio_samples: null,
    audio_seconds: null,
    audio_bytes: null,
    tool_call_tokens: null,
    mixed_content_tool_tokens: null,
    tool_call_count: null,
  };
}

/**
 * Tokens of all modalities: text, image, video and audio; null when all four are unknown. Cached, reasoning and tool-call
 * tokens are parts of `text_tokens` and are not added.
 */
export function totalTokens(usage: UsageMetrics): number | null {
  const { text_tokens, image_tokens, video_tokens, audio_tokens } = usage;
  if (image_tokens === null && video_tokens === null && audio_tokens === null) return text_tokens;
  return (text_tokens ?? 0) + (image_tokens ?? 0) + (video_tokens ?? 0) + (audio_tokens ?? 0);
}

/** Words (runs without whitespace) and characters (Unicode code points) of a text; both null when there is no text. */
export function measureText(text: string | null): Pick<UsageMetrics, "text_words" | "text_characters"> {
  if (text === null) return { text_words: null, text_characters: null };
  const meter = new TextMeter();
  meter.add(text);
  return { text_words: meter.words, text_characters: meter.characters };
}

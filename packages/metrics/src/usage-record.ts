import type { UsageMetrics } from "@core/backend";
import { RECORD_OFFSET as AT } from "./record-layout.js";

/** Counters of one side of a request in the report. */
export interface UsageRecord extends UsageMetrics {
  /** Text, image, video and audio tokens together. */
  readonly total_tokens: number | null;
}

/** Reads the counters of the input. @param fields - Of a record, by `RECORD_OFFSET`. */
export function inputUsageRecord(fields: Float64Array): UsageRecord {
  return {
    text_tokens: read(fields, AT.input_text_tokens),
    cached_tokens: read(fields, AT.cached_tokens),
    reasoning_tokens: null,
    text_words: read(fields, AT.input_text_words),
    text_characters: read(fields, AT.input_text_characters),
    image_tokens: read(fields, AT.input_image_tokens),
    image_count: read(fields, AT.input_image_count),
    image_pixels: read(fields, AT.input_image_pixels),
    image_bytes: read(fields, AT.input_image_bytes),
    video_tokens: read(fields, AT.input_video_tokens),
    video_frames: read(fields, AT.input_video_frames),
    video_seconds: read(fields, AT.input_video_seconds),
    video_bytes: read(fields, AT.input_video_bytes),
    audio_tokens: read(fields, AT.input_audio_tokens),
    audio_samples: read(fields, AT.input_audio_samples),
    audio_seconds: read(fields, AT.input_audio_seconds),
    audio_bytes: read(fields, AT.input_audio_bytes),
    tool_call_tokens: read(fields, AT.input_tool_call_tokens),
    mixed_content_tool_tokens: read(fields, AT.input_mixed_content_tool_tokens),
    tool_call_count: read(fields, AT.input_tool_call_count),
    total_tokens: read(fields, AT.prompt_tokens),
  };
}

/** Reads the counters of the output; those that records do not keep are null. @param fields - As for the input. */
export function outputUsageRecord(fields: Float64Array): UsageRecord {
  return {
    text_tokens: read(fields, AT.output_text_tokens),
    cached_tokens: null,
    reasoning_tokens: read(fields, AT.reasoning_tokens),
    text_words: read(fields, AT.output_text_words),
    text_characters: read(fields, AT.output_text_characters),
    image_tokens: read(fields, AT.output_image_tokens),
    image_count: null,
    image_pixels: null,
    image_bytes: null,
    video_tokens: read(fields, AT.output_video_tokens),
    video_frames: null,
    video_seconds: null,
    video_bytes: null,
    audio_tokens: read(fields, AT.output_audio_tokens),
    audio_samples: null,
    audio_seconds: read(fields, AT.output_audio_seconds),
    audio_bytes: null,
    tool_call_tokens: read(fields, AT.output_tool_call_tokens),
    mixed_content_tool_tokens: read(fields, AT.output_mixed_content_tool_tokens),
    tool_call_count: read(fields, AT.output_tool_call_count),
    total_tokens: read(fields, AT.output_tokens),
  };
}

function read(fields: Float64Array, offset: number): number | null {
  const value = fields[offset] ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
}

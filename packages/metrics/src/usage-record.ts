import type { UsageMetrics } from "@core/backend";
import { RECORD_OFFSET as AT } from "./record-layout.js";
import type { RecordTable } from "./record-table.js";

/** Counters of one side of a request in the report. */
export interface UsageRecord extends UsageMetrics {
  /** Text, image, video and audio tokens together. */
  readonly total_tokens: number | null;
}

/** Reads the counters of the input from a record. */
export function inputUsageRecord(table: RecordTable, row: number): UsageRecord {
  return {
    text_tokens: read(table, row, AT.input_text_tokens),
    cached_tokens: read(table, row, AT.cached_tokens),
    reasoning_tokens: null,
    text_words: read(table, row, AT.input_text_words),
    text_characters: read(table, row, AT.input_text_characters),
    image_tokens: read(table, row, AT.input_image_tokens),
    image_count: read(table, row, AT.input_image_count),
    image_pixels: read(table, row, AT.input_image_pixels),
    image_bytes: read(table, row, AT.input_image_bytes),
    video_tokens: read(table, row, AT.input_video_tokens),
    video_frames: read(table, row, AT.input_video_frames),
    video_seconds: read(table, row, AT.input_video_seconds),
    video_bytes: read(table, row, AT.input_video_bytes),
    audio_tokens: read(table, row, AT.input_audio_tokens),
    audio_samples: read(table, row, AT.input_audio_samples),
    audio_seconds: read(table, row, AT.input_audio_seconds),
    audio_bytes: read(table, row, AT.input_audio_bytes),
    tool_call_tokens: read(table, row, AT.input_tool_call_tokens),
    mixed_content_tool_tokens: read(table, row, AT.input_mixed_content_tool_tokens),
    tool_call_count: read(table, row, AT.input_tool_call_count),
    total_tokens: read(table, row, AT.prompt_tokens),
  };
}

/** Reads the counters of the output from a record; those that records do not keep are null. */
export function outputUsageRecord(table: RecordTable, row: number): UsageRecord {
  return {
    text_tokens: read(table, row, AT.output_text_tokens),
    cached_tokens: null,
    reasoning_tokens: read(table, row, AT.reasoning_tokens),
    text_words: read(table, row, AT.output_text_words),
    text_characters: read(table, row, AT.output_text_characters),
    image_tokens: read(table, row, AT.output_image_tokens),
    image_count: null,
    image_pixels: null,
    image_bytes: null,
    video_tokens: read(table, row, AT.output_video_tokens),
    video_frames: null,
    video_seconds: null,
    video_bytes: null,
    audio_tokens: read(table, row, AT.output_audio_tokens),
    audio_samples: null,
    audio_seconds: read(table, row, AT.output_audio_seconds),
    audio_bytes: null,
    tool_call_tokens: read(table, row, AT.output_tool_call_tokens),
    mixed_content_tool_tokens: read(table, row, AT.output_mixed_content_tool_tokens),
    tool_call_count: read(table, row, AT.output_tool_call_count),
    total_tokens: read(table, row, AT.output_tokens),
  };
}

function read(table: RecordTable, row: number, offset: number): number | null {
  const value = table.at(row, offset);
  return Number.isNaN(value) ? null : value;
}

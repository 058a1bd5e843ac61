import { UNKNOWN_USAGE, type UsageMetrics } from "@core/backend";
import { INPUT_MEDIA, OUTPUT_MEDIA } from "./record-layout.js";
import type { RecordTable } from "./record-table.js";

/** Counters of one side of a request in the report. */
export interface UsageRecord extends UsageMetrics {
  /** Text, image, video and audio tokens together. */
  readonly total_tokens: number | null;
}

/** Reads the counters of one side from a record; those the record does not carry are null. */
export function usageRecord(table: RecordTable, row: number, side: "input" | "output"): UsageRecord {
  const read = (field: Parameters<RecordTable["get"]>[1]): number | null => {
    const value = table.get(row, field);
    return Number.isNaN(value) ? null : value;
  };
  const media =
    side === "input"
      ? INPUT_MEDIA.map((name) => [name, read(`input_${name}`)])
      : OUTPUT_MEDIA.map((name) => [name, read(`output_${name}`)]);
  return {
    ...UNKNOWN_USAGE,
    ...Object.fromEntries(media),
    text_tokens: read(`${side}_text_tokens`),
    cached_tokens: side === "input" ? read("cached_tokens") : null,
    reasoning_tokens: side === "output" ? read("reasoning_tokens") : null,
    text_words: read(`${side}_text_words`),
    text_characters: read(`${side}_text_characters`),
    tool_call_tokens: read(`${side}_tool_call_tokens`),
    mixed_content_tool_tokens: read(`${side}_mixed_content_tool_tokens`),
    tool_call_count: read(`${side}_tool_call_count`),
    total_tokens: read(side === "input" ? "prompt_tokens" : "output_tokens"),
  };
}

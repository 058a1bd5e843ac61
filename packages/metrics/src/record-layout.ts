/** Counters of images, video and audio that records keep of the input. */
export const INPUT_MEDIA = [
  "image_tokens",
  "image_count",
  "image_pixels",
  "image_bytes",
  "video_tokens",
  "video_frames",
  "video_seconds",
  "video_bytes",
  "audio_tokens",
  "audio_samples",
  "audio_seconds",
  "audio_bytes",
] as const;

/** The same of the output: what servers tell. */
export const OUTPUT_MEDIA = ["image_tokens", "video_tokens", "audio_tokens", "audio_seconds"] as const;

/**
 * Names of the numbers kept for every request, in storage order. A row is one `Float64Array` slice of
 * {@link RECORD_STRIDE} values; `NaN` means "did not happen" or "unknown". Names ending in `_ns` are nanoseconds of the
 * run's monotonic clock. Only append to this list: files written by earlier versions rely on the order.
 */
export const RECORD_FIELDS = [
  "index",
  "conversation_index",
  "worker",
  "status",
  "turn_index",
  "preceding_nodes",
  "queued_ns",
  "predecessor_completed_ns",
  "intended_start_ns",
  "dequeued_ns",
  "resolve_start_ns",
  "connect_start_ns",
  "connect_end_ns",
  "send_ns",
  "first_byte_ns",
  "first_iteration_ns",
  "first_token_ns",
  "first_output_token_ns",
  "last_token_ns",
  "last_iteration_ns",
  "end_ns",
  "resolve_end_ns",
  "iterations",
  "token_iterations",
  "prompt_tokens",
  "cached_tokens",
  "output_tokens",
  "reasoning_tokens",
  "expected_output_tokens",
  "request_bytes",
  "response_bytes",
  "flags",
  "gap_count",
  "gap_sum_ns",
  "gap_sumsq_ns2",
  "gap_min_ns",
  "gap_max_ns",
  "gap_pair_offset",
  "gap_pair_count",
  "error_code_id",
  "input_text_tokens",
  "input_text_words",
  "input_text_characters",
  "output_text_tokens",
  "output_text_words",
  "output_text_characters",
  "input_tool_call_tokens",
  "input_mixed_content_tool_tokens",
  "input_tool_call_count",
  "output_tool_call_tokens",
  "output_mixed_content_tool_tokens",
  "output_tool_call_count",
  "last_message_sent_ns",
  "mean_message_sent_ns",
  "messages_sent",
  "mean_token_ns",
  "input_image_tokens",
  "input_image_count",
  "input_image_pixels",
  "input_image_bytes",
  "input_video_tokens",
  "input_video_frames",
  "input_video_seconds",
  "input_video_bytes",
  "input_audio_tokens",
  "input_audio_samples",
  "input_audio_seconds",
  "input_audio_bytes",
  "output_image_tokens",
  "output_video_tokens",
  "output_audio_tokens",
  "output_audio_seconds",
  "class_id",
] as const;

/** Name of one number of a request record. */
export type RecordField = (typeof RECORD_FIELDS)[number];

/** Numbers per row. */
export const RECORD_STRIDE = RECORD_FIELDS.length;

/** Position of each field inside a row. */
export const RECORD_OFFSET: Readonly<Record<RecordField, number>> = Object.freeze(
  Object.fromEntries(RECORD_FIELDS.map((field, offset) => [field, offset])) as Record<RecordField, number>,
);

/** Final states of a request, as stored in the field `status`. */
export const RECORD_STATUS = Object.freeze({
  completed: 0,
  errored: 1,
  /** Cancelled after the backend had been called: reported as "incomplete". */
  cancelledStarted: 2,
  /** Cancelled while waiting: counted by the scheduler, absent from every metric. */
  cancelledNeverStarted: 3,
});

/** Number stored in the field `status`. */
export type RecordStatus = (typeof RECORD_STATUS)[keyof typeof RECORD_STATUS];

/** Bits of the field `flags`. */
export const RECORD_FLAGS = Object.freeze({
  freshConnection: 1,
  retried: 2,
  /** The output token count is an expectation or a count of stream events, not the server's own figure. */
  estimatedOutputTokens: 4,
  truncated: 8,
  /** The count is the length that was asked for; set beside `estimatedOutputTokens`. */
  requestedOutputTokens: 16,
  /** The count is that of the client's tokenizer; set beside `estimatedOutputTokens`. */
  tokenizedOutputTokens: 32,
});

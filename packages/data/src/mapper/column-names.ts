/** Column names that the generative mapper recognises by default, by column type (names of GuideLLM; the last three
 * are ours, for classes of traffic and ranking). */
export const DEFAULT_COLUMN_NAMES: Readonly<Record<string, readonly string[]>> = Object.freeze({
  prompt_tokens_count_column: ["prompt_tokens_count", "input_tokens_count"],
  output_tokens_count_column: ["output_tokens_count", "completion_tokens_count"],
  prefix_column: ["system_prompt", "system", "prefix"],
  text_column: ["prompt", "instruction", "question", "input", "context", "content", "conversation", "turn", "text"],
  image_column: ["image", "picture", "photo", "img"],
  video_column: ["video", "clip", "movie", "footage", "mp4", "mov", "avi"],
  audio_column: ["audio", "sound", "voice", "speech", "wav", "mp3"],
  tools_column: ["tools", "functions", "tool_definitions"],
  tool_response_column: ["tool_response", "tool_result", "tool_output"],
  tool_choice_column: ["tool_choice"],
  raw_messages_column: ["messages", "chat_messages"],
  relative_timestamp_column: ["relative_timestamp"],
  requeue_delay_column: ["requeue_delay"],
  request_duration_column: ["duration", "request_duration"],
  conversation_turns_column: ["conversation_turns"],
  turn_type_column: [],
  class_column: ["class", "traffic_class"],
  query_column: ["query"],
  documents_column: ["document", "passage"],
});

/** Column names that the pooling mapper recognises by default: nothing else is mapped (names of GuideLLM). */
export const POOLING_COLUMN_NAMES: Readonly<Record<string, readonly string[]>> = Object.freeze({
  pooling_column: ["prompt"],
});

const ACCOMPANYING = new Set([
  "prompt_tokens_count_column",
  "output_tokens_count_column",
  "tool_choice_column",
  "turn_type_column",
  "relative_timestamp_column",
  "requeue_delay_column",
  "request_duration_column",
  "class_column",
]);

/** Whether a column type only says something about a request and gives it nothing to send. */
export function isAccompanyingColumn(columnType: string): boolean {
  return ACCOMPANYING.has(columnType);
}

import { totalTokens, UNKNOWN_USAGE, type UsageMetrics } from "@core/backend";

/** Counters of one request after request and response side were merged. */
export interface MergedUsage {
  readonly input: UsageMetrics;
  readonly output: UsageMetrics;
  /** True when the output token count comes from the request's expectation rather than from the server. */
  readonly outputEstimated: boolean;
}

/** What {@link mergeUsage} needs to know about a request and its response. */
export interface MergeUsageInput {
  readonly completed: boolean;
  readonly preferResponse: boolean;
  readonly expectsToolCall: boolean;
  readonly requestInput: UsageMetrics;
  readonly requestOutput: UsageMetrics;
  /** Null when there is no response object. */
  readonly responseInput: UsageMetrics | null;
  readonly responseOutput: UsageMetrics | null;
}

/**
 * Merges request-side and response-side counters field by field, as GuideLLM does: the preferred side's non-null values
 * replace the other's. The expected output counters of a request that did not complete are discarded first.
 */
export function mergeUsage(given: MergeUsageInput): MergedUsage {
  const expectedOutput = given.completed ? given.requestOutput : null;
  const input = mergeSides(given.requestInput, given.responseInput, given.preferResponse);
  let output = mergeSides(expectedOutput, given.responseOutput, given.preferResponse);
  if (given.expectsToolCall && output.tool_call_count === null) {
    output = { ...output, tool_call_count: 0 };
  }
  const measured = given.responseOutput === null ? null : totalTokens(given.responseOutput);
  return { input, output, outputEstimated: measured === null && totalTokens(output) !== null };
}

/** Perf: counter by counter, since a loop over their names takes ten times as long, twice for every request. */
function mergeSides(
  request: UsageMetrics | null,
  response: UsageMetrics | null,
  preferResponse: boolean,
): UsageMetrics {
  const winner = (preferResponse ? response : request) ?? UNKNOWN_USAGE;
  const base = (preferResponse ? request : response) ?? UNKNOWN_USAGE;
  return {
    text_tokens: winner.text_tokens ?? base.text_tokens ?? null,
    cached_tokens: winner.cached_tokens ?? base.cached_tokens ?? null,
    reasoning_tokens: winner.reasoning_tokens ?? base.reasoning_tokens ?? null,
    text_words: winner.text_words ?? base.text_words ?? null,
    text_characters: winner.text_characters ?? base.text_characters ?? null,
    image_tokens: winner.image_tokens ?? base.image_tokens ?? null,
    image_count: winner.image_count ?? base.image_count ?? null,
    image_pixels: winner.image_pixels ?? base.image_pixels ?? null,
    image_bytes: winner.image_bytes ?? base.image_bytes ?? null,
    video_tokens: winner.video_tokens ?? base.video_tokens ?? null,
    video_frames: winner.video_frames ?? base.video_frames ?? null,
    video_seconds: winner.video_seconds ?? base.video_seconds ?? null,
    video_bytes: winner.video_bytes ?? base.video_bytes ?? null,
    audio_tokens: winner.audio_tokens ?? base.audio_tokens ?? null,
    audio_samples: winner.audio_samples ?? base.audio_samples ?? null,
    audio_seconds: winner.audio_seconds ?? base.audio_seconds ?? null,
    audio_bytes: winner.audio_bytes ?? base.audio_bytes ?? null,
    tool_call_tokens: winner.tool_call_tokens ?? base.tool_call_tokens ?? null,
    mixed_content_tool_tokens: winner.mixed_content_tool_tokens ?? base.mixed_content_tool_tokens ?? null,
    tool_call_count: winner.tool_call_count ?? base.tool_call_count ?? null,
  };
}

import type { UsageMetrics } from "@core/backend";

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

/** Text, image, video and audio tokens together, null counting as 0; null when all four are null. */
export function totalTokens(usage: UsageMetrics): number | null {
  const parts = [usage.text_tokens, usage.image_tokens, usage.video_tokens, usage.audio_tokens];
  const known = parts.filter((part): part is number => part !== null);
  return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0);
}

function mergeSides(
  request: UsageMetrics | null,
  response: UsageMetrics | null,
  preferResponse: boolean,
): UsageMetrics {
  const base = preferResponse ? request : response;
  const winner = preferResponse ? response : request;
  const template = (base ?? winner ?? response ?? request ?? {}) as UsageMetrics;
  const merged: Record<string, number | null> = {};
  for (const key of new Set([...Object.keys(template), ...Object.keys(winner ?? {})]) as Set<keyof UsageMetrics>) {
    merged[key] = winner?.[key] ?? base?.[key] ?? null;
  }
  return merged as unknown as UsageMetrics;
}

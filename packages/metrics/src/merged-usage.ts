import { totalTokens, UNKNOWN_USAGE, type UsageMetrics, unknownUsage } from "@core/backend";

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

const COUNTERS = Object.keys(UNKNOWN_USAGE) as (keyof UsageMetrics)[];

function mergeSides(
  request: UsageMetrics | null,
  response: UsageMetrics | null,
  preferResponse: boolean,
): UsageMetrics {
  const base = preferResponse ? request : response;
  const winner = preferResponse ? response : request;
  const merged = unknownUsage();
  for (const counter of COUNTERS) {
    merged[counter] = winner?.[counter] ?? base?.[counter] ?? null;
  }
  return merged;
}

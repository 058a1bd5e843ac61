import { type ToolCall, totalTokens } from "@core/backend";
import type { ArrivingText, TextMeasure } from "./arriving-text.js";
import type { Usage } from "./read-usage.js";
import type { ResponseParts } from "./response-reader.js";

const NO_TEXT: TextMeasure = { text_words: null, text_characters: null };

/** What a reader has collected. */
export interface Collected {
  readonly responseId: string | null;
  readonly text: ArrivingText;
  readonly reasoning: ArrivingText;
  readonly toolCalls: readonly ToolCall[] | null;
  readonly finishReason: string | null;
  readonly usage: Usage;
  readonly metrics: unknown;
}

/** The parts of a response; text of length zero beside tool calls is none. */
export function responseParts(collected: Collected): ResponseParts {
  const { responseId, text, reasoning, toolCalls, finishReason, usage, metrics } = collected;
  const hasText = toolCalls === null || !text.isEmpty;
  const tokens = usage.output.text_tokens;
  return {
    responseId,
    text: hasText ? text.text : null,
    reasoningText: reasoning.isEmpty ? null : reasoning.text,
    toolCalls,
    finishReason,
    inputMetrics: usage.input,
    outputMetrics: {
      ...usage.output,
      ...(hasText ? text.measure() : NO_TEXT),
      // the API does not say which tokens were tool calls: all of them, or some of a mixture
      tool_call_count: toolCalls?.length ?? null,
      tool_call_tokens: toolCalls !== null && !hasText ? tokens : null,
      mixed_content_tool_tokens: toolCalls !== null && hasText ? tokens : null,
    },
    responseMetrics: metrics,
  };
}

/** Whether there is a text, a tool call or counted output tokens. */
export function isUsable(collected: Pick<Collected, "text" | "toolCalls" | "usage">): boolean {
  const { text, toolCalls, usage } = collected;
  return !text.isBlank || toolCalls !== null || (totalTokens(usage.output) ?? 0) > 0;
}

import { measureText, type ToolCall, totalTokens } from "@core/backend";
import type { Usage } from "./read-usage.js";
import type { ResponseParts } from "./response-reader.js";

/** What a reader has collected. */
export interface Collected {
  readonly responseId: string | null;
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[] | null;
  readonly finishReason: string | null;
  readonly usage: Usage;
  readonly metrics: unknown;
}

/** The parts of a response; text of length zero beside tool calls is none. */
export function responseParts(collected: Collected): ResponseParts {
  const { responseId, reasoning, toolCalls, finishReason, usage, metrics } = collected;
  const text = collected.text === "" && toolCalls !== null ? null : collected.text;
  const tokens = usage.output.text_tokens;
  return {
    responseId,
    text,
    reasoningText: reasoning === "" ? null : reasoning,
    toolCalls,
    finishReason,
    inputMetrics: usage.input,
    outputMetrics: {
      ...usage.output,
      ...measureText(text),
      // the API does not say which tokens were tool calls: all of them, or some of a mixture
      tool_call_count: toolCalls?.length ?? null,
      tool_call_tokens: toolCalls !== null && text === null ? tokens : null,
      mixed_content_tool_tokens: toolCalls !== null && text !== null ? tokens : null,
    },
    responseMetrics: metrics,
  };
}

/** Whether there is a text, a tool call or counted output tokens. */
export function isUsable(collected: Pick<Collected, "text" | "toolCalls" | "usage">): boolean {
  const { text, toolCalls, usage } = collected;
  return /\S/.test(text) || toolCalls !== null || (totalTokens(usage.output) ?? 0) > 0;
}

import { badRow, readCount } from "../finalizer/read-cells.js";
import { type ChatMessage, contentText, readList, readMessages } from "./otel-messages.js";
import type { OtelSpan } from "./otel-span.js";
import type { OtelArgs } from "./trace-fields.js";

/** A call of a model in a trace, ready to be replayed. */
export interface ModelCall {
  readonly span: OtelSpan;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly input: readonly ChatMessage[];
  /** What was answered; null where the trace does not say it. */
  readonly output: readonly ChatMessage[] | null;
  /** Whether it was answered by tool calls. */
  readonly callsTools: boolean;
  /** Tool definitions; null where the trace has none. */
  readonly tools: readonly unknown[] | null;
}

const MODEL_OPERATIONS = ["chat", "generate", "text_completion"];
const OTHER_OPERATIONS = ["invoke_agent", "execute_tool", "embeddings"];
const TOOL_REASONS = ["tool_calls", "tool_call", "tool_use", "function_call"];

/**
 * Calls of models in a conversation that did not fail and whose lengths are known, by start.
 *
 * @throws {DataError} CORE_DATA_BAD_ROW when there is none, or one cannot be read.
 */
export function modelCalls(spans: readonly OtelSpan[], args: OtelArgs): readonly ModelCall[] {
  const calls = spans
    .flatMap((span) => {
      const prompt = countAt(span, args.input_tokens_attributes);
      const output = countAt(span, args.output_tokens_attributes);
      if (!isModelCall(span) || span.hasFailed || prompt === null || output === null) return [];
      return [{ span, prompt, output }];
    })
    .sort((left, right) => left.span.start - right.span.start);
  if (calls.length === 0) throw badRow("no span is a call of a model with both token counts that did not fail");
  return calls.map(({ span, prompt, output }) => toModelCall(span, prompt, output));
}

/** Results of the tools that a call asked for and that were run before the next one, by start. */
export function toolRuns(
  { span }: ModelCall,
  spans: readonly OtelSpan[],
  calls: readonly ModelCall[],
): readonly { readonly start: number; readonly result: string }[] {
  const runs = spans.filter(({ attributes }) => attributes["gen_ai.operation.name"] === "execute_tool");
  const below = runs.filter((run) => isBelow(run, span, spans));
  return (below.length > 0 ? below : runs.filter((run) => isBeside(run, span, calls)))
    .flatMap(({ start, attributes }) => {
      const result = attributes["gen_ai.tool.call.result"];
      return result === undefined ? [] : [{ start, result: contentText(result) }];
    })
    .sort((left, right) => left.start - right.start);
}

function toModelCall(span: OtelSpan, promptTokens: number, outputTokens: number): ModelCall {
  const { attributes } = span;
  const input = readMessages(attributes["gen_ai.input.messages"], "gen_ai.input.messages");
  if (input === null) throw badRow("a call of a model has no gen_ai.input.messages");
  const output = outputOf(span);
  const asked = output?.some(({ tool_calls }) => tool_calls !== undefined) ?? false;
  const reasons = readList(attributes["gen_ai.response.finish_reasons"], "gen_ai.response.finish_reasons") ?? [];
  return {
    span,
    promptTokens,
    outputTokens,
    input,
    output,
    callsTools: asked || reasons.some((reason) => TOOL_REASONS.includes(String(reason))),
    tools: readList(attributes["gen_ai.tool.definitions"], "gen_ai.tool.definitions"),
  };
}

function outputOf({ attributes }: OtelSpan): readonly ChatMessage[] | null {
  const messages = readMessages(attributes["gen_ai.output.messages"], "gen_ai.output.messages");
  if (messages !== null) return messages;
  const text = attributes["gen_ai.output.text"];
  return typeof text === "string" ? [{ role: "assistant", content: text }] : null;
}

/** Spans of an unknown operation are calls of models when they have both counts, which is asked of all. */
function isModelCall({ attributes }: OtelSpan): boolean {
  const operation = String(attributes["gen_ai.operation.name"] ?? "");
  return MODEL_OPERATIONS.includes(operation) || !OTHER_OPERATIONS.includes(operation);
}

function countAt({ attributes }: OtelSpan, names: readonly string[]): number | null {
  const name = names.find((known) => attributes[known] !== undefined && attributes[known] !== "");
  return name === undefined ? null : readCount(attributes[name], name);
}

function isBelow(run: OtelSpan, ancestor: OtelSpan, spans: readonly OtelSpan[]): boolean {
  const seen = new Set<string>(); // parents may go in a circle
  for (let { parentId } = run; parentId !== null && !seen.has(parentId); ) {
    if (parentId === ancestor.id) return true;
    seen.add(parentId);
    parentId = spans.find(({ id }) => id === parentId)?.parentId ?? null;
  }
  return false;
}

/** Whether a tool ran under the same parent, after a call and before the next one there. */
function isBeside(run: OtelSpan, { parentId, start }: OtelSpan, calls: readonly ModelCall[]): boolean {
  if (parentId === null || run.parentId !== parentId || run.start <= start) return false;
  const next = calls.find(({ span }) => span.parentId === parentId && span.start > start);
  return next === undefined || run.start < next.span.start;
}

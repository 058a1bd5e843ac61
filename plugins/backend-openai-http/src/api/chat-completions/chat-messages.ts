import {
  type GenerationRequest,
  type GenerationResponse,
  type HistoryTurn,
  isMapping,
  type ToolCall,
} from "@core/backend";
import { REASONING_PLACEHOLDER } from "../../args/multiturn-reasoning-field.js";
import type { JsonObject } from "../json-object.js";
import { textsOf } from "../request-columns.js";
import type { BodyInput } from "../wire-format.js";
import { contentParts } from "./content-parts.js";

/** Stands in for the result of a tool when the data gives none. */
const SYNTHETIC_TOOL_RESPONSE = '{"status": "ok"}';

/** Messages of a conversation: earlier turns replayed, then the current one. */
export function chatMessages(
  request: GenerationRequest,
  history: readonly HistoryTurn[] | null,
  input: BodyInput,
): readonly JsonObject[] {
  const messages: JsonObject[] = [];
  let previous: GenerationResponse | null = null;
  for (const turn of history ?? []) {
    messages.push(...turnMessages(turn.request, previous, input));
    if (turn.response !== null) messages.push(...assistantMessages(turn, turn.response, input));
    previous = turn.response;
  }
  messages.push(...turnMessages(request, previous, input));
  return messages;
}

/** What the client says in one turn. */
function turnMessages(
  request: GenerationRequest,
  previous: GenerationResponse | null,
  input: BodyInput,
): readonly JsonObject[] {
  if (request.turnType === "tool_response_injection") return toolMessages(request, previous?.toolCalls ?? []);
  const raw = rawMessages(request);
  if (raw.length > 0) return raw;
  const messages: JsonObject[] = [];
  const prefixes = textsOf(request, "prefix_column");
  if (prefixes.length > 0) messages.push({ role: "system", content: prefixes.join(" ") });
  const parts = contentParts(request, input.extraContent);
  if (parts.length > 0) messages.push({ role: "user", content: parts });
  return messages;
}

/** Recorded messages, sent as they are in place of system and user content: `[[{…}, …]]` or a flat list. */
function rawMessages(request: GenerationRequest): readonly JsonObject[] {
  return (request.columns["raw_messages_column"] ?? []).flat().filter(isMapping);
}

function toolMessages(request: GenerationRequest, calls: readonly ToolCall[]): readonly JsonObject[] {
  const results = request.columns["tool_response_column"] ?? [];
  return calls.map((call, index) => ({ role: "tool", tool_call_id: call.id, content: toolResult(results[index]) }));
}

function toolResult(value: unknown): string {
  if (typeof value === "string") return value;
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  if (value === null || value === undefined) return SYNTHETIC_TOOL_RESPONSE;
  return JSON.stringify(value);
}

/** What the model said in an earlier turn; empty text stays a message, so that user messages never follow each other. */
function assistantMessages(turn: HistoryTurn, response: GenerationResponse, input: BodyInput): readonly JsonObject[] {
  const reasoning = wrapReasoning(response.reasoningText, input.multiturnReasoning);
  const content = reasoning === null ? response.text : reasoning + (response.text ?? "");
  if (response.toolCalls !== null && turn.request.turnType !== "tool_response_injection") {
    return [{ role: "assistant", content, tool_calls: response.toolCalls }];
  }
  return content === null ? [] : [{ role: "assistant", content }];
}

function wrapReasoning(reasoning: string | null, mode: boolean | string): string | null {
  if (mode === false || reasoning === null || reasoning === "") return null;
  const template = mode === true ? `<think>${REASONING_PLACEHOLDER}</think>` : mode;
  return template.replaceAll(REASONING_PLACEHOLDER, () => reasoning); // a function: `$&` in the text is text
}

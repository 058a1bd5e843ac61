import {
  BackendError,
  type GenerationRequest,
  type GenerationResponse,
  type HistoryTurn,
  type ToolCall,
} from "@core/backend";
import type { JsonObject } from "../json-object.js";
import { replayConversation } from "../replay-conversation.js";
import { replayReasoning } from "../replay-reasoning.js";
import { toolResults } from "../tool-results.js";
import { mayCallTools } from "../tool-rules.js";
import type { BodyInput } from "../wire-format.js";
import { responsesParts } from "./responses-parts.js";

/** Items of a conversation: earlier turns replayed, then the current one. */
export function responsesInput(
  request: GenerationRequest,
  history: readonly HistoryTurn[] | null,
  input: BodyInput,
): readonly JsonObject[] {
  return replayConversation<JsonObject>(request, history, {
    asked: (turn, previous) => askedItems(turn, previous, input.extraContent),
    answered: (response, turn) => answeredItems(response, turn, input),
  });
}

/** Items of the current turn alone: the server has those before. */
export function newestInput(
  request: GenerationRequest,
  history: readonly HistoryTurn[],
  input: BodyInput,
): readonly JsonObject[] {
  return askedItems(request, history.at(-1)?.response ?? null, input.extraContent);
}

/** Identifier under which the server keeps the conversation. @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST. */
export function previousResponseId(history: readonly HistoryTurn[]): string {
  const id = history.at(-1)?.response?.responseId ?? null;
  if (id !== null && id !== "") return id;
  throw new BackendError("The server cannot continue the conversation: the response before has no identifier.", {
    code: "CORE_BACKEND_UNUSABLE_REQUEST",
    hint: "Set server_history=false, so that earlier turns are sent again.",
  });
}

function askedItems(
  request: GenerationRequest,
  previous: GenerationResponse | null,
  extraContent: JsonObject,
): readonly JsonObject[] {
  if (request.turnType === "tool_response_injection") {
    return toolResults(request, previous).map(({ call, output }) => ({
      type: "function_call_output",
      call_id: call.id,
      output,
    }));
  }
  const parts = responsesParts(request, extraContent);
  return parts.length > 0 ? [{ role: "user", content: parts }] : [];
}

function answeredItems(
  response: GenerationResponse,
  request: GenerationRequest,
  { multiturnReasoning }: BodyInput,
): readonly JsonObject[] {
  const { inText, apart } = replayReasoning(response.reasoningText, multiturnReasoning);
  const reasoning = apart === null ? [] : [toReasoningItem(apart, response.responseId)];
  // calls that nothing answers make servers refuse the conversation
  if (response.toolCalls !== null && (request.turnType !== "tool_response_injection" || mayCallTools(request))) {
    return [...reasoning, ...response.toolCalls.map(toCallItem)];
  }
  const content = inText === null ? response.text : inText + (response.text ?? "");
  return content === null ? reasoning : [...reasoning, { role: "assistant", content }];
}

function toReasoningItem(text: string, responseId: string | null): JsonObject {
  return { type: "reasoning", id: `rs_${responseId ?? "0"}`, summary: [], content: [{ type: "reasoning_text", text }] };
}

function toCallItem({ id, function: { name, arguments: given } }: ToolCall): JsonObject {
  return { type: "function_call", call_id: id, name, arguments: given };
}

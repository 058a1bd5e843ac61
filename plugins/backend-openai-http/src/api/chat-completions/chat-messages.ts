import { type GenerationRequest, type GenerationResponse, type HistoryTurn, isMapping } from "@core/backend";
import type { JsonObject } from "../json-object.js";
import { replayConversation } from "../replay-conversation.js";
import { replayReasoning } from "../replay-reasoning.js";
import { textsOf } from "../request-columns.js";
import { toolResults } from "../tool-results.js";
import { mayCallTools } from "../tool-rules.js";
import type { BodyInput } from "../wire-format.js";
import { chatParts } from "./chat-parts.js";

/** Messages of a conversation: earlier turns replayed, then the current one. */
export function chatMessages(
  request: GenerationRequest,
  history: readonly HistoryTurn[] | null,
  input: BodyInput,
): readonly JsonObject[] {
  return replayConversation<JsonObject>(request, history, {
    asked: (turn, previous) => askedMessages(turn, previous, input),
    answered: (response, turn) => assistantMessages(response, turn, input),
  });
}

function askedMessages(
  request: GenerationRequest,
  previous: GenerationResponse | null,
  input: BodyInput,
): readonly JsonObject[] {
  if (request.turnType === "tool_response_injection") {
    return toolResults(request, previous).map(({ call, output }) => ({
      role: "tool",
      tool_call_id: call.id,
      content: output,
    }));
  }
  const raw = rawMessages(request);
  if (raw.length > 0) return raw;
  const messages: JsonObject[] = [];
  const prefixes = textsOf(request, "prefix_column");
  if (prefixes.length > 0) messages.push({ role: "system", content: prefixes.join(" ") });
  const parts = chatParts(request, input.extraContent);
  if (parts.length > 0) messages.push({ role: "user", content: parts });
  return messages;
}

/** Recorded messages, sent as they are in place of system and user content: `[[{…}, …]]` or a flat list. */
function rawMessages(request: GenerationRequest): readonly JsonObject[] {
  return (request.columns["raw_messages_column"] ?? []).flat().filter(isMapping);
}

/** Empty text stays a message, so that user messages never follow each other. */
function assistantMessages(
  response: GenerationResponse,
  request: GenerationRequest,
  { multiturnReasoning }: BodyInput,
): readonly JsonObject[] {
  const { inText, apart } = replayReasoning(response.reasoningText, multiturnReasoning);
  const content = inText === null ? response.text : inText + (response.text ?? "");
  const reasoning = apart === null ? {} : { reasoning_content: apart };
  // calls that nothing answers make servers refuse the conversation
  if (response.toolCalls !== null && (request.turnType !== "tool_response_injection" || mayCallTools(request))) {
    return [{ role: "assistant", content, ...reasoning, tool_calls: response.toolCalls }];
  }
  return content === null ? [] : [{ role: "assistant", content, ...reasoning }];
}

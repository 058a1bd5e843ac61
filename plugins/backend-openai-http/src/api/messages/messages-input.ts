import type { GenerationRequest, GenerationResponse, HistoryTurn, ToolCall } from "@core/backend";
import { type JsonObject, parseJsonObject } from "../json-object.js";
import { replayConversation } from "../replay-conversation.js";
import { replayReasoning } from "../replay-reasoning.js";
import { toolResults } from "../tool-results.js";
import { mayCallTools } from "../tool-rules.js";
import type { BodyInput } from "../wire-format.js";
import { messagesBlocks } from "./messages-blocks.js";

/** Messages of a conversation: earlier turns replayed, then the current one. */
export function messagesInput(
  request: GenerationRequest,
  history: readonly HistoryTurn[] | null,
  input: BodyInput,
): readonly JsonObject[] {
  return replayConversation<JsonObject>(request, history, {
    asked: (turn, previous) => {
      const content =
        turn.turnType === "tool_response_injection"
          ? toolResultBlocks(turn, previous)
          : messagesBlocks(turn, input.extraContent);
      return content.length > 0 ? [{ role: "user", content }] : [];
    },
    answered: (response, turn) => {
      const content = answeredBlocks(response, turn, input);
      return content.length > 0 ? [{ role: "assistant", content }] : [];
    },
  });
}

function toolResultBlocks(request: GenerationRequest, previous: GenerationResponse | null): readonly JsonObject[] {
  return toolResults(request, previous).map(({ call, output }) => ({
    type: "tool_result",
    tool_use_id: call.id,
    content: output,
  }));
}

/** The API refuses blocks without text; it joins user messages that follow each other. */
function answeredBlocks(
  response: GenerationResponse,
  request: GenerationRequest,
  { multiturnReasoning }: BodyInput,
): readonly JsonObject[] {
  const { inText, apart } = replayReasoning(response.reasoningText, multiturnReasoning);
  const text = (inText ?? "") + (response.text ?? "");
  const replaysCalls = request.turnType !== "tool_response_injection" || mayCallTools(request);
  const calls = replaysCalls ? (response.toolCalls ?? []) : [];
  return [
    ...(apart === null ? [] : [{ type: "thinking", thinking: apart, signature: "" }]),
    ...(text === "" ? [] : [{ type: "text", text }]),
    ...calls.map(toToolUse),
  ];
}

/** Arguments that are no JSON object cannot be sent; the model then reads an empty one. */
function toToolUse({ id, function: { name, arguments: given } }: ToolCall): JsonObject {
  return { type: "tool_use", id, name, input: parseJsonObject(given) ?? {} };
}

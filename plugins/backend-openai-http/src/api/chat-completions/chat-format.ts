import type { GenerationRequest, HistoryTurn } from "@core/backend";
import { baseBody } from "../base-body.js";
import type { JsonObject } from "../json-object.js";
import { mergeJson } from "../merge-json.js";
import { refuseEmpty } from "../request-columns.js";
import { sampleEvents } from "../sample-events.js";
import type { BodyInput, WireFormat } from "../wire-format.js";
import { chatMessages } from "./chat-messages.js";
import { ChatReader } from "./chat-reader.js";
import { CONTENT_COLUMNS } from "./content-parts.js";
import { applyToolRules } from "./tool-rules.js";

/** `/v1/chat/completions`: earlier turns replayed as messages. */
export const CHAT_FORMAT: WireFormat = {
  usesExtraContent: true,
  buildBody: buildChatBody,
  createReader: () => new ChatReader(),
  sampleEvents: () => sampleEvents("chat.completion.chunk", (text) => ({ delta: { content: text } })),
};

function buildChatBody(
  request: GenerationRequest,
  history: readonly HistoryTurn[] | null,
  input: BodyInput,
): JsonObject {
  const body = mergeJson(baseBody(request, input, "max_completion_tokens"), input.extraBody);
  const messages = chatMessages(request, history, input);
  if (messages.length === 0)
    refuseEmpty(request, "messages", ["prefix_column", ...CONTENT_COLUMNS, "raw_messages_column"]);
  body["messages"] = messages;
  applyToolRules(body, request);
  return body;
}

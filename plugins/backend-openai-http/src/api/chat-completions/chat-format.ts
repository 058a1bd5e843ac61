import { type GenerationRequest, type HistoryTurn, isMapping } from "@core/backend";
import { baseBody } from "../base-body.js";
import { CONTENT_COLUMNS } from "../content-parts.js";
import type { JsonObject } from "../json-object.js";
import { mergeJson } from "../merge-json.js";
import { refuseEmpty } from "../request-columns.js";
import { sampleEvents } from "../sample-events.js";
import { applyToolRules, type ToolDialect, toolDefinition } from "../tool-rules.js";
import type { BodyInput, WireFormat } from "../wire-format.js";
import { chatMessages } from "./chat-messages.js";
import { ChatReader } from "./chat-reader.js";

/** `/v1/chat/completions`: earlier turns replayed as messages. */
export const CHAT_FORMAT: WireFormat = {
  usesExtraContent: true,
  trial: { columns: { text_column: ["Hi"] }, outputTokens: 1 },
  buildBody: buildChatBody,
  createReader: (_body, keepText) => new ChatReader(keepText),
  sampleEvents: () => sampleEvents("chat.completion.chunk", (text) => ({ delta: { content: text } })),
};

const TOOLS: Omit<ToolDialect, "limits"> = {
  toTool: (tool) => (isMapping(tool["function"]) ? tool : { type: "function", function: toolDefinition(tool) }),
  toChoice: (choice) => choice,
};

function buildChatBody(
  request: GenerationRequest,
  history: readonly HistoryTurn[] | null,
  input: BodyInput,
): JsonObject {
  const fields = { limit: input.dialect.chatLimit, streamOptions: true } as const;
  const body = mergeJson(baseBody(request, input, fields), input.extraBody);
  const messages = chatMessages(request, history, input);
  if (messages.length === 0)
    refuseEmpty(request, "messages", ["prefix_column", ...CONTENT_COLUMNS, "raw_messages_column"]);
  body["messages"] = messages;
  applyToolRules(body, request, { ...TOOLS, limits: ["ignore_eos", "stop", input.dialect.chatLimit] });
  return body;
}

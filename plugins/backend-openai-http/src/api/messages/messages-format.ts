import { type GenerationRequest, type HistoryTurn, isMapping } from "@core/backend";
import { baseBody } from "../base-body.js";
import type { JsonObject } from "../json-object.js";
import { mergeJson } from "../merge-json.js";
import { prefixInForce, refuseEmpty } from "../request-columns.js";
import { applyToolRules, mayCallTools, type ToolDialect, toolDefinition } from "../tool-rules.js";
import type { BodyInput, WireFormat } from "../wire-format.js";
import { messagesInput } from "./messages-input.js";
import { MessagesReader } from "./messages-reader.js";
import { messagesSample } from "./messages-sample.js";

/** The API asks for a limit in every request; this one stands in where nothing else gives one. */
const DEFAULT_MAX_TOKENS = 4096;
const API_VERSION = "2023-06-01";
const MESSAGE_COLUMNS = ["text_column", "image_column"] as const;

/** `/v1/messages`, the API of Anthropic: earlier turns replayed as messages. */
export const MESSAGES_FORMAT: WireFormat = {
  usesExtraContent: true,
  trial: { columns: { text_column: ["Hi"] }, outputTokens: 1 },
  buildBody: buildMessagesBody,
  headers: (key) => ({ "anthropic-version": API_VERSION, ...(key === "" ? {} : { "x-api-key": key }) }),
  createReader: (_body, keepText) => new MessagesReader(keepText),
  sampleEvents: messagesSample,
};

const TOOLS: ToolDialect = {
  toTool: toMessagesTool,
  toChoice: (choice) => ({ type: choice === "required" ? "any" : choice }),
  limits: ["ignore_eos", "stop_sequences"],
};

function buildMessagesBody(
  request: GenerationRequest,
  history: readonly HistoryTurn[] | null,
  input: BodyInput,
): JsonObject {
  const base = baseBody(request, input, { limit: "max_tokens", streamOptions: false });
  if (mayCallTools(request)) base["max_tokens"] = input.maxTokens; // a requested length would cut the call
  base["max_tokens"] ??= DEFAULT_MAX_TOKENS;
  const body = mergeJson(base, input.extraBody);
  const system = prefixInForce(request, history);
  if (system !== null) body["system"] = system;
  const messages = messagesInput(request, history, input);
  if (messages.length === 0) refuseEmpty(request, "messages", MESSAGE_COLUMNS);
  body["messages"] = messages;
  applyToolRules(body, request, TOOLS);
  return body;
}

/** Tools of the server (`web_search_20250305` and the like) and those with a schema of the API stay as they are. */
function toMessagesTool(tool: JsonObject): unknown {
  const isFunction = isMapping(tool["function"]) || tool["type"] === "function";
  if (!isFunction) return tool;
  const { name, description, parameters } = toolDefinition(tool);
  return {
    name,
    ...(description === undefined ? {} : { description }),
    input_schema: parameters ?? { type: "object", properties: {} },
  };
}

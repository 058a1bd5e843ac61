import { type GenerationRequest, type HistoryTurn, isMapping } from "@core/backend";
import { baseBody } from "../base-body.js";
import type { JsonObject } from "../json-object.js";
import { mergeJson } from "../merge-json.js";
import { prefixInForce, refuseEmpty } from "../request-columns.js";
import { applyToolRules, type ToolDialect, toolDefinition } from "../tool-rules.js";
import type { BodyInput, WireFormat } from "../wire-format.js";
import { newestInput, previousResponseId, responsesInput } from "./responses-input.js";
import { ResponsesReader } from "./responses-reader.js";
import { responsesSample } from "./responses-sample.js";

const INPUT_COLUMNS = ["text_column", "image_column", "audio_column"] as const;

/** `/v1/responses`: earlier turns replayed as items, or kept by the server. */
export const RESPONSES_FORMAT: WireFormat = {
  usesExtraContent: true,
  trial: { columns: { text_column: ["Hi"] }, outputTokens: 16 }, // fewer are refused by OpenAI
  buildBody: buildResponsesBody,
  createReader: (_body, keepText) => new ResponsesReader(keepText),
  sampleEvents: responsesSample,
};

const TOOLS: ToolDialect = {
  toTool: (tool) => (isMapping(tool["function"]) ? { type: "function", ...toolDefinition(tool) } : tool),
  toChoice: (choice) => choice,
  limits: ["ignore_eos", "stop", "max_output_tokens"],
};

function buildResponsesBody(
  request: GenerationRequest,
  history: readonly HistoryTurn[] | null,
  input: BodyInput,
): JsonObject {
  const fields = { limit: "max_output_tokens", streamOptions: false } as const;
  const body = mergeJson(baseBody(request, input, fields), input.extraBody);
  // instructions belong to one request: those of an earlier turn do not last, not even on the server
  const instructions = prefixInForce(request, history);
  if (instructions !== null) body["instructions"] = instructions;
  const isKept = input.serverHistory && history !== null && history.length > 0;
  if (isKept) body["previous_response_id"] = previousResponseId(history);
  body["input"] = isKept ? newestInput(request, history, input) : responsesInput(request, history, input);
  if ((body["input"] as readonly unknown[]).length === 0) refuseEmpty(request, "input", INPUT_COLUMNS);
  applyToolRules(body, request, TOOLS);
  return body;
}

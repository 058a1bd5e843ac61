import type { GenerationRequest, HistoryTurn } from "@core/backend";
import { baseBody } from "../base-body.js";
import type { JsonObject } from "../json-object.js";
import { mergeJson } from "../merge-json.js";
import { refuseEmpty, textsOf } from "../request-columns.js";
import { sampleEvents } from "../sample-events.js";
import type { BodyInput, WireFormat } from "../wire-format.js";
import { CompletionsReader } from "./completions-reader.js";

const PROMPT_COLUMNS = ["prefix_column", "text_column"] as const;

/** `/v1/completions`: one prompt text, earlier turns joined in front of it. */
export const COMPLETIONS_FORMAT: WireFormat = {
  trial: { columns: { text_column: ["Hi"] }, outputTokens: 1 },
  buildBody: buildCompletionsBody,
  createReader: (_body, keepText) => new CompletionsReader(keepText),
  sampleEvents: () => sampleEvents("text_completion", (text) => ({ text })),
};

function buildCompletionsBody(
  request: GenerationRequest,
  history: readonly HistoryTurn[] | null,
  input: BodyInput,
): JsonObject {
  const body = mergeJson(baseBody(request, input, { limit: "max_tokens", streamOptions: true }), input.extraBody);
  const parts: string[] = [];
  for (const turn of history ?? []) {
    addPrompt(parts, turn.request);
    if (turn.response?.text) parts.push(turn.response.text);
  }
  addPrompt(parts, request);
  if (parts.length > 0) body["prompt"] = parts.join(" ");
  const { prompt } = body;
  if (prompt === undefined || prompt === null || prompt === "") refuseEmpty(request, "prompt", PROMPT_COLUMNS);
  return body;
}

function addPrompt(parts: string[], request: GenerationRequest): void {
  for (const column of PROMPT_COLUMNS) parts.push(...textsOf(request, column));
}

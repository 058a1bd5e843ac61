import type { GenerationRequest, HistoryTurn } from "@core/backend";
import type { JsonObject } from "../json-object.js";
import { ListReader } from "../list-reader.js";
import { mergeJson } from "../merge-json.js";
import { refuseEmpty, textsOf } from "../request-columns.js";
import type { BodyInput, WireFormat } from "../wire-format.js";
import { countInputs, textInput } from "./text-input.js";

/** `/v1/embeddings`: a vector for each text. Prefixes, output lengths and earlier turns are not used. */
export const EMBEDDINGS_FORMAT: WireFormat = {
  neverStreams: true,
  buildBody: buildEmbeddingsBody,
  createReader: ({ input }) => new ListReader({ field: "data", items: "vectors", count: countInputs(input) }),
  sampleEvents: () => [JSON.stringify(sampleReply())],
};

function buildEmbeddingsBody(
  request: GenerationRequest,
  _history: readonly HistoryTurn[] | null,
  { model, extraBody }: BodyInput,
): JsonObject {
  const body = mergeJson({ model, ...textInput(textsOf(request, "text_column")) }, extraBody);
  const { input } = body;
  if (input === undefined || input === null || countInputs(input) === 0) refuseEmpty(request, "input", ["text_column"]);
  return body;
}

function sampleReply(): object {
  const embedding = Array.from({ length: 64 }, (_, index) => Math.sin(index));
  return {
    id: "embd-rehearsal",
    object: "list",
    created: 1_700_000_000,
    model: "rehearsal",
    data: [{ index: 0, object: "embedding", embedding }],
    usage: { prompt_tokens: 9, total_tokens: 9, completion_tokens: 0 },
  };
}

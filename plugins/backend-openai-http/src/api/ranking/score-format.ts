import type { GenerationRequest } from "@core/backend";
import type { JsonObject } from "../json-object.js";
import { ListReader } from "../list-reader.js";
import { mergeJson } from "../merge-json.js";
import type { WireFormat } from "../wire-format.js";
import { queryAndDocuments } from "./query-and-documents.js";

/** `/score` of vLLM: the query is `text_1`, the documents are `text_2`. */
export const SCORE_FORMAT: WireFormat = {
  neverStreams: true,
  buildBody: (request, _history, { model, extraBody }) => mergeJson({ model, ...texts(request) }, extraBody),
  createReader: ({ text_2 }) =>
    new ListReader({ field: "data", items: "scores", count: Array.isArray(text_2) ? text_2.length : null }),
  sampleEvents: () => [JSON.stringify({ id: "score-rehearsal", data: [{ index: 0, object: "score", score: 0.5 }] })],
};

function texts(request: GenerationRequest): JsonObject {
  const { query, documents } = queryAndDocuments(request, "text_2");
  return { text_1: query, text_2: documents };
}

import type { JsonObject } from "../json-object.js";
import { ListReader } from "../list-reader.js";
import { mergeJson } from "../merge-json.js";
import type { WireFormat } from "../wire-format.js";
import { queryAndDocuments } from "./query-and-documents.js";

/** `/rerank` of vLLM, Jina and Cohere. */
export const RERANK_FORMAT: WireFormat = {
  neverStreams: true,
  buildBody: (request, _history, { model, extraBody }) =>
    mergeJson({ model, ...queryAndDocuments(request, "documents") }, extraBody),
  createReader: (body) => new ListReader({ field: "results", items: "results", count: expectedResults(body) }),
  sampleEvents: () => [
    JSON.stringify({
      id: "score-rehearsal",
      results: [{ index: 0, relevance_score: 0.5 }],
      usage: { prompt_tokens: 9 },
    }),
  ],
};

/** All documents, or the best `top_n` of them. */
function expectedResults({ documents, top_n }: JsonObject): number | null {
  if (!Array.isArray(documents)) return null;
  return typeof top_n === "number" && top_n > 0 ? Math.min(top_n, documents.length) : documents.length;
}

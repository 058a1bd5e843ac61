import * as v from "valibot";
import { countTokens } from "../count-tokens.js";
import type { Endpoint } from "../endpoint.js";
import { check } from "../generation-request.js";
import { answerPooled, type ReadPooled } from "../pooled/answer-pooled.js";
import { assertModel } from "../pooled/pooled-input.js";
import { scoreOf } from "../pooled/vectors.js";

const schema = v.looseObject({
  model: v.nullish(v.string()),
  query: v.string(),
  documents: v.pipe(v.array(v.string()), v.minLength(1)),
  top_n: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

/** Documents in the order of their relevance, under the paths of vLLM, Jina and Cohere. */
export const RERANK: readonly Endpoint[] = ["/rerank", "/v1/rerank", "/v2/rerank"].map((path) => ({
  method: "POST",
  path,
  answer: (call) => answerPooled(call, "score-", readRerank),
}));

const readRerank: ReadPooled = (body, options) => {
  const { model, query, documents, top_n } = check(schema, body);
  assertModel(model, options);
  // each document is read together with the query
  const promptTokens = documents.reduce((sum, document) => sum + countTokens(query) + countTokens(document), 0);
  return {
    promptTokens,
    reply: (id) => ({
      ...{ id, model: options.model, usage: { prompt_tokens: promptTokens, total_tokens: promptTokens } },
      results: documents
        .map((text, index) => {
          const relevance_score = scoreOf(options.seed, query, text);
          return { index, document: { text, multi_modal: null }, relevance_score };
        })
        .sort((left, right) => right.relevance_score - left.relevance_score)
        .slice(0, top_n || documents.length),
    }),
  };
};

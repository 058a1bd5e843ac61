import * as v from "valibot";
import { countTokens } from "../count-tokens.js";
import type { Endpoint } from "../endpoint.js";
import { check, invalid } from "../generation-request.js";
import { answerPooled, type ReadPooled } from "../pooled/answer-pooled.js";
import { assertModel, pooledUsage } from "../pooled/pooled-input.js";
import { scoreOf } from "../pooled/vectors.js";
import { CREATED_SECONDS } from "../reply-frames.js";

const texts = v.union([v.string(), v.pipe(v.array(v.string()), v.minLength(1))]);
const schema = v.looseObject({ model: v.nullish(v.string()), text_1: texts, text_2: texts });

/** Scores of pairs of texts: one text against each of the others, or as many pairs as there are texts on both sides. */
export const SCORE: readonly Endpoint[] = ["/score", "/v1/score"].map((path) => ({
  method: "POST",
  path,
  answer: (call) => answerPooled(call, "score-", readScore),
}));

const readScore: ReadPooled = (body, options) => {
  const { model, text_1, text_2 } = check(schema, body);
  assertModel(model, options);
  const [left, right] = [[text_1].flat(), [text_2].flat()];
  const [only = ""] = left;
  if (left.length !== 1 && left.length !== right.length) {
    throw invalid(`text_1 has ${left.length} texts and text_2 has ${right.length}.`, "text_1");
  }
  const pairs = right.map((text, index) => [left.length === 1 ? only : (left[index] ?? ""), text] as const);
  const promptTokens = pairs.flat().reduce((sum, text) => sum + countTokens(text), 0);
  return {
    promptTokens,
    reply: (id) => ({
      ...{ id, object: "list", created: CREATED_SECONDS, model: options.model },
      data: pairs.map(([query, text], index) => ({
        index,
        object: "score",
        score: scoreOf(options.seed, query, text),
      })),
      usage: pooledUsage(promptTokens),
    }),
  };
};

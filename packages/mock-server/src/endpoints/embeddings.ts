import * as v from "valibot";
import type { Endpoint } from "../endpoint.js";
import { check } from "../generation-request.js";
import { answerPooled, type ReadPooled } from "../pooled/answer-pooled.js";
import { assertModel, inputSchema, inputsOf, pooledUsage } from "../pooled/pooled-input.js";
import { encodedVector } from "../pooled/vectors.js";
import { CREATED_SECONDS } from "../reply-frames.js";

const schema = v.looseObject({
  model: v.nullish(v.string()),
  input: inputSchema,
  encoding_format: v.nullish(v.picklist(["float", "base64"])),
  dimensions: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_536))),
});

/** A vector for each input. */
export const EMBEDDINGS: Endpoint = {
  method: "POST",
  path: "/v1/embeddings",
  answer: (call) => answerPooled(call, "embd-", readEmbeddings),
};

const readEmbeddings: ReadPooled = (body, options) => {
  const { model, input, encoding_format, dimensions } = check(schema, body);
  assertModel(model, options);
  const inputs = inputsOf(input);
  const promptTokens = inputs.reduce((sum, { tokens }) => sum + tokens, 0);
  const size = dimensions ?? options.embedding_dimensions;
  return {
    promptTokens,
    reply: (id) => ({
      ...{ id, object: "list", created: CREATED_SECONDS, model: options.model },
      data: inputs.map(({ key }, index) => {
        const embedding = encodedVector(options.seed, key, size, encoding_format ?? "float");
        return { index, object: "embedding", embedding };
      }),
      usage: pooledUsage(promptTokens),
    }),
  };
};

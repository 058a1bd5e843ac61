import * as v from "valibot";
import type { Endpoint } from "../endpoint.js";
import { check, invalid } from "../generation-request.js";
import { answerPooled, type ReadPooled } from "../pooled/answer-pooled.js";
import { assertModel, inputSchema, inputsOf, pooledUsage } from "../pooled/pooled-input.js";
import { encodedVector } from "../pooled/vectors.js";
import { CREATED_SECONDS } from "../reply-frames.js";

const schema = v.looseObject({
  model: v.nullish(v.string()),
  input: v.nullish(inputSchema),
  data: v.optional(v.unknown()),
  priority: v.nullish(v.pipe(v.number(), v.integer())),
});

/** vLLM's pooled outputs: of inputs, or of `data` that a model reads in its own way. */
export const POOLING: Endpoint = {
  method: "POST",
  path: "/pooling",
  answer: (call) => answerPooled(call, "pool-", readPooling),
};

const readPooling: ReadPooled = (body, options) => {
  const { model, input, data } = check(schema, body);
  assertModel(model, options);
  const { seed, embedding_dimensions: size } = options;
  if (data !== undefined && data !== null) {
    const pooled = encodedVector(seed, JSON.stringify(data), size, "base64");
    const answer = { data: pooled, data_format: "b64_json" };
    return { promptTokens: 0, reply: (request_id) => ({ request_id, created_at: CREATED_SECONDS, data: answer }) };
  }
  if (input === undefined || input === null) throw invalid("input or data is needed.", "input");
  const inputs = inputsOf(input);
  const promptTokens = inputs.reduce((sum, { tokens }) => sum + tokens, 0);
  return {
    promptTokens,
    reply: (id) => ({
      ...{ id, object: "list", created: CREATED_SECONDS, model: options.model },
      data: inputs.map(({ key }, index) => {
        return { index, object: "pooling", data: encodedVector(seed, key, size, "float") };
      }),
      usage: pooledUsage(promptTokens),
    }),
  };
};

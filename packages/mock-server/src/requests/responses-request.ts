import * as v from "valibot";
import { countTokens } from "../count-tokens.js";
import { check, count, type GenerationRequest, readShared, shared } from "../generation-request.js";
import { responsesTools, responsesToolWish } from "../tool-wish.js";

const textPart = v.looseObject({
  type: v.picklist(["input_text", "output_text", "text", "summary_text", "reasoning_text"]),
  text: v.string(),
});
const refusalPart = v.looseObject({ type: v.literal("refusal"), refusal: v.string() });
const mediaPart = v.looseObject({ type: v.picklist(["input_image", "input_file", "input_audio"]) });
const part = v.union([textPart, refusalPart, mediaPart]);

const message = v.looseObject({
  type: v.optional(v.literal("message"), "message"),
  role: v.picklist(["user", "assistant", "system", "developer"]),
  content: v.union([v.string(), v.array(part)]),
});
const functionCall = v.looseObject({
  type: v.literal("function_call"),
  call_id: v.string(),
  name: v.string(),
  arguments: v.string(),
});
const functionOutput = v.looseObject({
  type: v.literal("function_call_output"),
  call_id: v.string(),
  output: v.union([v.string(), v.array(part)]),
});
const reasoning = v.looseObject({ type: v.literal("reasoning"), content: v.nullish(v.array(part)) });

const schema = v.looseObject({
  ...shared,
  ...responsesTools,
  input: v.union([
    v.pipe(v.string(), v.minLength(1)),
    v.pipe(v.array(v.union([functionCall, functionOutput, reasoning, message])), v.minLength(1)),
  ]),
  instructions: v.nullish(v.string()),
  max_output_tokens: count,
  previous_response_id: v.nullish(v.string()),
  store: v.nullish(v.boolean()),
});

/**
 * Reads a body of the responses API. Texts, arguments and results count as tokens, media does not.
 *
 * @throws {RequestRefusal} 400 for what cannot be read, 404 for another model than `model`.
 */
export function readResponsesRequest(input: unknown, model: string): GenerationRequest {
  const request = check(schema, input);
  let promptTokens = countTokens(request.instructions ?? "");
  if (typeof request.input === "string") promptTokens += countTokens(request.input);
  else for (const item of request.input) promptTokens += itemTokens(item);
  const derived = { promptTokens, maxTokens: request.max_output_tokens, tools: responsesToolWish(request) };
  return {
    ...readShared(request, derived, model),
    previousResponseId: request.previous_response_id ?? null,
    isStored: request.store !== false,
  };
}

type Item = Exclude<v.InferOutput<typeof schema>["input"], string>[number];

function itemTokens(item: Item): number {
  switch (item.type) {
    case "function_call":
      return countTokens(item.arguments);
    case "function_call_output":
      return contentTokens(item.output);
    default:
      return contentTokens(item.content ?? "");
  }
}

function contentTokens(content: string | readonly v.InferOutput<typeof part>[]): number {
  if (typeof content === "string") return countTokens(content);
  return content.reduce((sum, one) => sum + ("text" in one ? countTokens(String(one.text)) : 0), 0);
}

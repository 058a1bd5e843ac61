import * as v from "valibot";
import { countTokens } from "../count-tokens.js";
import {
  check,
  count,
  type Derived,
  type GenerationRequest,
  invalid,
  readShared,
  shared,
} from "../generation-request.js";
import type { MockServerOptions } from "../mock-server-options.js";
import { chatTools, chatToolWish, NO_TOOLS } from "../tool-wish.js";
import { type MediaPart, mediaParts, mediaTokens, sumOfMedia } from "./media-parts.js";

const textPart = v.looseObject({ type: v.picklist(["text", "refusal"]), text: v.string() });
const content = v.nullish(v.union([v.string(), v.array(v.variant("type", [textPart, ...mediaParts]))]));
const message = v.looseObject({ role: v.string(), content });
const tokenIds = v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.minLength(1));

const common = {
  ...shared,
  stream_options: v.nullish(
    v.looseObject({ include_usage: v.nullish(v.boolean()), continuous_usage_stats: v.nullish(v.boolean()) }),
  ),
  max_tokens: count,
  n: count,
};

const chatSchema = v.looseObject({
  ...common,
  ...chatTools,
  messages: v.pipe(v.array(message), v.minLength(1)),
  max_completion_tokens: count,
});

const prompt = v.union([v.pipe(v.string(), v.minLength(1)), tokenIds, v.array(v.union([v.string(), tokenIds]))]);
const completionSchema = v.looseObject({ ...common, prompt });

/**
 * Reads the body of a chat. Text, images, video and audio count as tokens; fields that are not known are ignored.
 *
 * @throws {RequestRefusal} 400 for what cannot be read or is not offered, 404 for another model than `model`.
 */
export function readChatRequest(input: unknown, model: string, options: MockServerOptions): GenerationRequest {
  const request = check(chatSchema, input);
  let textTokens = 0;
  const others: MediaPart[] = [];
  for (const { content } of request.messages) {
    if (typeof content === "string") textTokens += countTokens(content);
    else {
      for (const part of content ?? []) {
        if (isText(part)) textTokens += countTokens(part.text);
        else others.push(part as MediaPart);
      }
    }
  }
  const media = mediaTokens(others, options);
  const promptTokens = textTokens + (media === null ? 0 : sumOfMedia(media));
  const maxTokens = request.max_completion_tokens ?? request.max_tokens;
  return { ...readCommon(request, { promptTokens, maxTokens, tools: chatToolWish(request) }, model), media };
}

/** Reads the body of a completion, under the same rules. @throws {RequestRefusal} 400, 404. */
export function readCompletionRequest(input: unknown, model: string): GenerationRequest {
  const request = check(completionSchema, input);
  const prompts = [request.prompt].flatMap((given) => (isTokenIds(given) ? [given] : given));
  const [only, ...others] = prompts as readonly (string | readonly number[])[];
  if (only === undefined || others.length > 0) {
    throw invalid(`This server answers one prompt per request, got ${prompts.length}.`, "prompt");
  }
  const promptTokens = typeof only === "string" ? countTokens(only) : only.length;
  return readCommon(request, { promptTokens, maxTokens: request.max_tokens, tools: NO_TOOLS }, model);
}

function isText(part: { readonly type: string }): part is v.InferOutput<typeof textPart> {
  return part.type === "text" || part.type === "refusal";
}

function isTokenIds(given: unknown): given is number[] {
  return Array.isArray(given) && typeof given[0] === "number";
}

function readCommon(
  request: v.InferOutput<v.ObjectSchema<typeof common, undefined>>,
  derived: Derived,
  model: string,
): GenerationRequest {
  if ((request.n ?? 1) > 1) throw invalid(`This server answers with one choice, got n = ${request.n}.`, "n");
  if (request.stream_options && request.stream !== true) {
    throw invalid("stream_options is only allowed when stream is true.", "stream_options");
  }
  return {
    ...readShared(request, derived, model),
    includeUsage: request.stream_options?.include_usage === true,
    continuousUsage: request.stream_options?.continuous_usage_stats === true,
  };
}

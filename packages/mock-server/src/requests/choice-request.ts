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
import { type GivenAudio, mediaTokens } from "./media-tokens.js";

const textPart = v.looseObject({ type: v.picklist(["text", "refusal"]), text: v.optional(v.string(), "") });
const url = v.looseObject({ url: v.pipe(v.string(), v.minLength(1)) });
const imagePart = v.looseObject({ type: v.literal("image_url"), image_url: url });
const videoPart = v.looseObject({ type: v.literal("video_url"), video_url: url });
const audioPart = v.looseObject({
  type: v.literal("input_audio"),
  input_audio: v.looseObject({
    data: v.pipe(v.string(), v.minLength(1), v.base64()),
    format: v.nullish(v.string()),
  }),
});
const otherPart = v.looseObject({ type: v.picklist(["audio_url", "file"]) });
const part = v.variant("type", [textPart, imagePart, videoPart, audioPart, otherPart]);
const content = v.nullish(v.union([v.string(), v.array(part)]));
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
 * Reads the body of a chat. Texts count as their words, images, videos and audio as the options say; fields that are not
 * known are ignored.
 *
 * @throws {RequestRefusal} 400 for what cannot be read or is not offered, 404 for another model than that of the options.
 */
export function readChatRequest(input: unknown, options: MockServerOptions): GenerationRequest {
  const request = check(chatSchema, input);
  const counted = countContents(request.messages.map(({ content }) => content ?? ""));
  const maxTokens = request.max_completion_tokens ?? request.max_tokens;
  const media = mediaTokens(counted.media, options);
  const { textTokens, promptPieces } = counted;
  const derived = { textTokens, promptPieces, media, maxTokens, tools: chatToolWish(request) };
  return readCommon(request, derived, options.model);
}

function countContents(contents: readonly (string | readonly v.InferOutput<typeof part>[])[]) {
  let textTokens = 0;
  const promptPieces: string[] = [];
  const media = { images: 0, videos: 0, audio: [] as GivenAudio[] };
  let isText = true;
  const addText = (text: string): void => {
    textTokens += countTokens(text);
    if (isText) promptPieces.push(text);
  };
  for (const content of contents) {
    if (typeof content === "string") addText(content);
    else
      for (const one of content) {
        isText &&= one.type === "text" || one.type === "refusal";
        if (one.type === "text" || one.type === "refusal") addText(one.text);
        else if (one.type === "image_url") media.images += 1;
        else if (one.type === "video_url") media.videos += 1;
        else if (one.type === "input_audio") media.audio.push(one.input_audio);
      }
  }
  return { textTokens, promptPieces, media };
}

/** Reads the body of a completion, under the same rules. @throws {RequestRefusal} 400, 404. */
export function readCompletionRequest(input: unknown, { model }: MockServerOptions): GenerationRequest {
  const request = check(completionSchema, input);
  const prompts = [request.prompt].flatMap((given) => (isTokenIds(given) ? [given] : given));
  const [only, ...others] = prompts as readonly (string | readonly number[])[];
  if (only === undefined || others.length > 0) {
    throw invalid(`This server answers one prompt per request, got ${prompts.length}.`, "prompt");
  }
  const textTokens = typeof only === "string" ? countTokens(only) : only.length;
  const derived = { textTokens, promptPieces: [only], maxTokens: request.max_tokens, tools: NO_TOOLS };
  return readCommon(request, derived, model);
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

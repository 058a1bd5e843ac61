import * as v from "valibot";
import { countTokens } from "../count-tokens.js";
import { check, count, type GenerationRequest, readShared, shared } from "../generation-request.js";
import type { MockServerOptions } from "../mock-server-options.js";
import { responsesTools, responsesToolWish } from "../tool-wish.js";
import { type GivenMedia, mediaTokens, textsBeforeMedia } from "./media-tokens.js";

const textPart = v.looseObject({
  type: v.picklist(["input_text", "output_text", "text", "summary_text", "reasoning_text"]),
  text: v.string(),
});
const refusalPart = v.looseObject({ type: v.literal("refusal"), refusal: v.string() });
const imagePart = v.looseObject({
  type: v.literal("input_image"),
  image_url: v.nullish(v.string()),
  file_id: v.nullish(v.string()),
});
const audioPart = v.looseObject({
  type: v.literal("input_audio"),
  input_audio: v.looseObject({
    data: v.pipe(v.string(), v.minLength(1), v.base64()),
    format: v.nullish(v.string()),
  }),
});
const filePart = v.looseObject({ type: v.literal("input_file") });
const part = v.variant("type", [textPart, refusalPart, imagePart, audioPart, filePart]);

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
 * Reads a body of the responses API. Texts, arguments and results count as their words, images and audio as the options
 * say, files as nothing.
 *
 * @throws {RequestRefusal} 400 for what cannot be read, 404 for another model than that of the options.
 */
export function readResponsesRequest(input: unknown, options: MockServerOptions): GenerationRequest {
  const request = check(schema, input);
  const given = typeof request.input === "string" ? [] : request.input;
  const texts = [
    request.instructions ?? "",
    ...(typeof request.input === "string" ? [request.input] : given.flatMap(itemTexts)),
  ];
  const textTokens = texts.reduce((sum: number, text) => sum + (text === null ? 0 : countTokens(text)), 0);
  const media = mediaTokens(mediaIn(given), options);
  const promptPieces = textsBeforeMedia(texts);
  const maxTokens = request.max_output_tokens;
  const derived = { textTokens, promptPieces, media, maxTokens, tools: responsesToolWish(request) };
  return {
    ...readShared(request, derived, options.model),
    previousResponseId: request.previous_response_id ?? null,
    isStored: request.store !== false,
  };
}

function mediaIn(items: readonly Item[]): GivenMedia {
  const parts = items.flatMap((item) => {
    const content =
      item.type === "function_call" ? "" : item.type === "function_call_output" ? item.output : item.content;
    return typeof content === "string" ? [] : (content ?? []);
  });
  return {
    images: parts.filter(({ type }) => type === "input_image").length,
    videos: 0,
    audio: parts.flatMap((one) => (one.type === "input_audio" ? [one.input_audio] : [])),
  };
}

type Item = Exclude<v.InferOutput<typeof schema>["input"], string>[number];

/** Texts of an item; null for what is none. */
function itemTexts(item: Item): readonly (string | null)[] {
  switch (item.type) {
    case "function_call":
      return [item.arguments];
    case "function_call_output":
      return contentTexts(item.output);
    default:
      return contentTexts(item.content ?? "");
  }
}

function contentTexts(content: string | readonly v.InferOutput<typeof part>[]): readonly (string | null)[] {
  if (typeof content === "string") return [content];
  return content.map((one) => ("text" in one ? String(one.text) : null));
}

import * as v from "valibot";
import { countTokens } from "../count-tokens.js";
import { check, type GenerationRequest, readShared, shared } from "../generation-request.js";
import type { MockServerOptions } from "../mock-server-options.js";
import { messagesTools, messagesToolWish } from "../tool-wish.js";
import { mediaTokens, textsBeforeMedia } from "./media-tokens.js";

const text = v.looseObject({ type: v.literal("text"), text: v.pipe(v.string(), v.minLength(1)) });
const image = v.looseObject({
  type: v.literal("image"),
  source: v.union([
    v.looseObject({ type: v.literal("base64"), media_type: v.string(), data: v.pipe(v.string(), v.minLength(1)) }),
    v.looseObject({ type: v.literal("url"), url: v.string() }),
  ]),
});
const toolUse = v.looseObject({
  type: v.literal("tool_use"),
  id: v.string(),
  name: v.string(),
  input: v.record(v.string(), v.unknown()),
});
const toolResult = v.looseObject({
  type: v.literal("tool_result"),
  tool_use_id: v.string(),
  content: v.nullish(v.union([v.string(), v.array(v.union([text, image]))])),
});
const thinking = v.looseObject({ type: v.literal("thinking"), thinking: v.string() });
const block = v.union([text, image, toolUse, toolResult, thinking]);

const schema = v.looseObject({
  ...shared,
  ...messagesTools,
  max_tokens: v.pipe(v.number(), v.integer(), v.minValue(1)),
  system: v.nullish(v.union([v.string(), v.array(text)])),
  messages: v.pipe(
    v.array(
      v.looseObject({
        role: v.picklist(["user", "assistant"]),
        content: v.union([v.pipe(v.string(), v.minLength(1)), v.pipe(v.array(block), v.minLength(1))]),
      }),
    ),
    v.minLength(1),
  ),
});

/**
 * Reads a body of the messages API. Texts, arguments and results count as their words, images as the options say.
 *
 * @throws {RequestRefusal} 400 for what cannot be read, 404 for another model than that of the options.
 */
export function readMessagesRequest(input: unknown, options: MockServerOptions): GenerationRequest {
  const request = check(schema, input);
  const contents = [request.system ?? "", ...request.messages.map(({ content }) => content)];
  const texts = contents.flatMap(contentTexts);
  const textTokens = texts.reduce((sum: number, text) => sum + (text === null ? 0 : countTokens(text)), 0);
  const images = contents.reduce((sum: number, content) => sum + imagesIn(content), 0);
  const media = mediaTokens({ images, videos: 0, audio: [] }, options);
  const promptPieces = textsBeforeMedia(texts);
  const derived = { textTokens, promptPieces, media, maxTokens: request.max_tokens, tools: messagesToolWish(request) };
  return readShared(request, derived, options.model);
}

function imagesIn(content: string | readonly v.InferOutput<typeof block>[]): number {
  if (typeof content === "string") return 0;
  return content.reduce((sum, one) => {
    if (one.type === "tool_result") return sum + imagesIn(one.content ?? "");
    return sum + (one.type === "image" ? 1 : 0);
  }, 0);
}

/** Texts of a content; null for media. */
function contentTexts(content: string | readonly v.InferOutput<typeof block>[]): readonly (string | null)[] {
  return typeof content === "string" ? [content] : content.flatMap(blockTexts);
}

function blockTexts(one: v.InferOutput<typeof block>): readonly (string | null)[] {
  switch (one.type) {
    case "text":
      return [one.text];
    case "tool_use":
      return [JSON.stringify(one.input)];
    case "tool_result":
      return contentTexts(one.content ?? "");
    case "thinking":
      return []; // of earlier turns, which the API leaves out
    default:
      return [null];
  }
}

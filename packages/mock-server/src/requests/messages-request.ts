import * as v from "valibot";
import { countTokens } from "../count-tokens.js";
import { check, type GenerationRequest, readShared, shared } from "../generation-request.js";
import { messagesTools, messagesToolWish } from "../tool-wish.js";

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
 * Reads a body of the messages API. Texts, arguments and results count as tokens, media does not.
 *
 * @throws {RequestRefusal} 400 for what cannot be read, 404 for another model than `model`.
 */
export function readMessagesRequest(input: unknown, model: string): GenerationRequest {
  const request = check(schema, input);
  const contents = [request.system ?? "", ...request.messages.map(({ content }) => content)];
  const promptTokens = contents.reduce((sum: number, content) => sum + contentTokens(content), 0);
  return readShared(request, { promptTokens, maxTokens: request.max_tokens, tools: messagesToolWish(request) }, model);
}

function contentTokens(content: string | readonly v.InferOutput<typeof block>[]): number {
  if (typeof content === "string") return countTokens(content);
  return content.reduce((sum, one) => sum + blockTokens(one), 0);
}

function blockTokens(one: v.InferOutput<typeof block>): number {
  switch (one.type) {
    case "text":
      return countTokens(one.text);
    case "tool_use":
      return countTokens(JSON.stringify(one.input));
    case "tool_result":
      return contentTokens(one.content ?? "");
    default:
      return 0; // images, and thinking of earlier turns, which the API leaves out
  }
}

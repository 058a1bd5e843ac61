import * as v from "valibot";
import { countTokens } from "./count-tokens.js";
import type { LengthLimits } from "./reply-plan.js";
import { RequestRefusal } from "./request-refusal.js";

/** The two forms of a request for text. */
export type GenerationForm = "chat" | "completion";

/** What the server uses of a request for text. */
export interface GenerationRequest extends LengthLimits {
  readonly promptTokens: number;
  readonly stream: boolean;
  /** A last event with the usage. */
  readonly includeUsage: boolean;
  /** The usage so far in every event. */
  readonly continuousUsage: boolean;
}

const textPart = v.looseObject({ type: v.picklist(["text", "refusal"]), text: v.optional(v.string(), "") });
const mediaPart = v.looseObject({ type: v.picklist(["image_url", "video_url", "audio_url", "input_audio", "file"]) });
const content = v.nullish(v.union([v.string(), v.array(v.union([textPart, mediaPart]))]));
const message = v.looseObject({ role: v.string(), content });
const count = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1)));
const tokenIds = v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.minLength(1));

const shared = {
  model: v.nullish(v.string()),
  stream: v.nullish(v.boolean()),
  stream_options: v.nullish(
    v.looseObject({ include_usage: v.nullish(v.boolean()), continuous_usage_stats: v.nullish(v.boolean()) }),
  ),
  max_tokens: count,
  min_tokens: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
  ignore_eos: v.nullish(v.boolean()),
  n: count,
  temperature: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  top_p: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
};

const chatSchema = v.looseObject({
  ...shared,
  messages: v.pipe(v.array(message), v.minLength(1)),
  max_completion_tokens: count,
});

const prompt = v.union([v.pipe(v.string(), v.minLength(1)), tokenIds, v.array(v.union([v.string(), tokenIds]))]);
const completionSchema = v.looseObject({ ...shared, prompt });

/**
 * Reads the body of a request for text. Only the text of a prompt counts as tokens, images and the like do not; fields
 * that are not known are ignored.
 *
 * @throws {RequestRefusal} 400 for what cannot be read or is not offered, 404 for another model than `model`.
 */
export function readGenerationRequest(form: GenerationForm, body: string, model: string): GenerationRequest {
  const input = parseJson(body);
  return form === "chat"
    ? readChat(check(chatSchema, input), model)
    : readCompletion(check(completionSchema, input), model);
}

function readChat(request: v.InferOutput<typeof chatSchema>, model: string): GenerationRequest {
  let promptTokens = 0;
  for (const { content } of request.messages) {
    if (typeof content === "string") promptTokens += countTokens(content);
    else for (const part of content ?? []) promptTokens += "text" in part ? countTokens(String(part.text)) : 0;
  }
  return readShared(request, { promptTokens, maxTokens: request.max_completion_tokens ?? request.max_tokens, model });
}

function readCompletion(request: v.InferOutput<typeof completionSchema>, model: string): GenerationRequest {
  const prompts = [request.prompt].flatMap((given) => (isTokenIds(given) ? [given] : given));
  const [only, ...others] = prompts as readonly (string | readonly number[])[];
  if (only === undefined || others.length > 0) {
    throw invalid(`This server answers one prompt per request, got ${prompts.length}.`, "prompt");
  }
  const promptTokens = typeof only === "string" ? countTokens(only) : only.length;
  return readShared(request, { promptTokens, maxTokens: request.max_tokens, model });
}

function isTokenIds(given: unknown): given is number[] {
  return Array.isArray(given) && typeof given[0] === "number";
}

interface Derived {
  readonly promptTokens: number;
  readonly maxTokens: number | null | undefined;
  readonly model: string;
}

function readShared(
  request: v.InferOutput<v.ObjectSchema<typeof shared, undefined>>,
  { promptTokens, maxTokens = null, model }: Derived,
): GenerationRequest {
  if ((request.n ?? 1) > 1) throw invalid(`This server answers with one choice, got n = ${request.n}.`, "n");
  if (request.stream_options && request.stream !== true) {
    throw invalid("stream_options is only allowed when stream is true.", "stream_options");
  }
  const minTokens = request.min_tokens ?? 0;
  if (maxTokens !== null && minTokens > maxTokens) {
    throw invalid(`min_tokens (${minTokens}) must not be greater than the limit (${maxTokens}).`, "min_tokens");
  }
  if (request.model !== undefined && request.model !== null && request.model !== model)
    throw unknownModel(request.model);
  return {
    promptTokens,
    maxTokens,
    minTokens,
    ignoreEos: request.ignore_eos === true,
    stream: request.stream === true,
    includeUsage: request.stream_options?.include_usage === true,
    continuousUsage: request.stream_options?.continuous_usage_stats === true,
  };
}

/** The refusal of a model that is not the server's. */
export function unknownModel(model: string): RequestRefusal {
  const name = model.length > 100 ? `${model.slice(0, 100)}...` : model;
  return new RequestRefusal(404, `The model \`${name}\` does not exist.`, { param: "model", code: "model_not_found" });
}

/** The JSON of a body. @throws {RequestRefusal} 400. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new RequestRefusal(400, `The body is not JSON: ${(error as Error).message}`, { code: "invalid_json" });
  }
}

/** The body as the schema has it. @throws {RequestRefusal} 400 that names the first field that does not fit. */
export function check<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw invalid(path === null ? `The body: ${issue.message}` : `${path}: ${issue.message}`, path);
}

/** The refusal of a body for one of its fields. */
export function invalid(message: string, param: string | null): RequestRefusal {
  return new RequestRefusal(400, message, { param, code: "invalid_request" });
}

import * as v from "valibot";
import type { PromptPiece } from "./engine/prefix-cache.js";
import type { LengthLimits } from "./reply-plan.js";
import { RequestRefusal } from "./request-refusal.js";
import { type MediaTokens, NO_MEDIA, totalMediaTokens } from "./requests/media-tokens.js";
import type { ToolWish } from "./tool-wish.js";

/** The forms of a request for text. */
export type GenerationForm = "chat" | "completion" | "responses" | "messages" | "audio";

/** What the server uses of a request for text. */
export interface GenerationRequest extends LengthLimits {
  readonly promptTokens: number;
  /** Its texts up to the first medium, in their order. */
  readonly promptPieces: readonly PromptPiece[];
  /** Prompt tokens that need not be computed; null where the server has no cache to tell of. */
  readonly cachedTokens: number | null;
  /** The part of `promptTokens` that is media. */
  readonly media: MediaTokens;
  readonly stream: boolean;
  /** A last event with the usage. */
  readonly includeUsage: boolean;
  /** The usage so far in every event. */
  readonly continuousUsage: boolean;
  readonly tools: ToolWish;
  /** The response whose conversation goes on; null for a new one. */
  readonly previousResponseId: string | null;
  /** The conversation is kept, so that another request can go on with it. */
  readonly isStored: boolean;
}

/** Optional count of at least 1. */
export const count = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1)));

/** Fields that all forms share. */
export const shared = {
  model: v.nullish(v.string()),
  stream: v.nullish(v.boolean()),
  min_tokens: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
  ignore_eos: v.nullish(v.boolean()),
  temperature: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  top_p: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
};

/** What a form makes of its own fields. */
export interface Derived {
  /** Tokens of the texts. */
  readonly textTokens: number;
  readonly promptPieces: readonly PromptPiece[];
  readonly media?: MediaTokens;
  readonly maxTokens: number | null | undefined;
  readonly tools: ToolWish;
}

/** Reads the fields that all forms share. @throws {RequestRefusal} 400, 404 for another model than `model`. */
export function readShared(
  request: v.InferOutput<v.ObjectSchema<typeof shared, undefined>>,
  { textTokens, promptPieces, media = NO_MEDIA, maxTokens = null, tools }: Derived,
  model: string,
): GenerationRequest {
  const minTokens = request.min_tokens ?? 0;
  if (maxTokens !== null && minTokens > maxTokens) {
    throw invalid(`min_tokens (${minTokens}) must not be greater than the limit (${maxTokens}).`, "min_tokens");
  }
  const asked = request.model ?? null;
  if (asked !== null && asked !== model) throw unknownModel(asked);
  return {
    promptTokens: textTokens + totalMediaTokens(media),
    promptPieces,
    cachedTokens: null,
    media,
    maxTokens,
    minTokens,
    ignoreEos: request.ignore_eos === true,
    stream: request.stream === true,
    includeUsage: false,
    continuousUsage: false,
    tools,
    previousResponseId: null,
    isStored: false,
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

import * as v from "valibot";
import { countTokens } from "../count-tokens.js";
import { unknownModel } from "../generation-request.js";
import type { MockServerOptions } from "../mock-server-options.js";

const tokenIds = v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.minLength(1));
const text = v.pipe(v.string(), v.minLength(1));

/** One input or several: texts or the ids of their tokens. */
export const inputSchema = v.union([text, tokenIds, v.pipe(v.array(v.union([text, tokenIds])), v.minLength(1))]);

/** An input as the server uses it. */
export interface PooledInput {
  /** The same for the same input. */
  readonly key: string;
  readonly tokens: number;
}

/** The inputs in their order. */
export function inputsOf(input: v.InferOutput<typeof inputSchema>): readonly PooledInput[] {
  const isOne = typeof input === "string" || typeof input[0] === "number";
  const inputs = (isOne ? [input] : input) as readonly (string | readonly number[])[];
  return inputs.map((one) => ({
    key: typeof one === "string" ? one : one.join(" "),
    tokens: typeof one === "string" ? countTokens(one) : one.length,
  }));
}

/** @throws {RequestRefusal} 404 for another model than the server's. */
export function assertModel(model: string | null | undefined, options: MockServerOptions): void {
  if (model !== undefined && model !== null && model !== options.model) throw unknownModel(model);
}

/** Usage of a reply without output tokens, as vLLM has it. */
export function pooledUsage(promptTokens: number): object {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens,
    completion_tokens: 0,
    prompt_tokens_details: null,
    completion_tokens_details: null,
  };
}

import type { GenerationRequest } from "@core/backend";
import { requestedTokens } from "./request-columns.js";
import type { BodyInput } from "./wire-format.js";

/**
 * Fields that the generative formats share: model, streaming, and the output limit under the format's own name. A
 * requested length is made exact with `ignore_eos`, an extension of vLLM that other servers ignore or refuse.
 */
export function baseBody(
  request: GenerationRequest,
  input: BodyInput,
  limitField: "max_tokens" | "max_completion_tokens",
): Record<string, unknown> {
  const body: Record<string, unknown> = { model: input.model };
  if (input.stream) {
    body["stream"] = true;
    body["stream_options"] = { include_usage: true, continuous_usage_stats: true };
  }
  const length = requestedTokens(request);
  if (length !== null) {
    body[limitField] = length;
    body["ignore_eos"] = true;
  } else if (input.maxTokens !== null) {
    body[limitField] = input.maxTokens;
  }
  return body;
}

import type { GenerationRequest } from "@core/backend";
import { requestedTokens } from "./request-columns.js";
import type { BodyInput } from "./wire-format.js";

/** What a format calls the fields that the generative formats share. */
export interface BaseFields {
  /** The output limit. */
  readonly limit: "max_tokens" | "max_completion_tokens" | "max_output_tokens";
  /** The format has `stream_options`; others report their usage without being asked. */
  readonly streamOptions: boolean;
}

/** `stream_options` that ask for the usage at the end of the stream. */
const LAST_USAGE = Object.freeze({ include_usage: true });
/** The same with one in every event. */
const RUNNING_USAGE = Object.freeze({ include_usage: true, continuous_usage_stats: true });

/**
 * Fields that the generative formats share: model, streaming, and the output limit. A requested length is made exact with
 * `ignore_eos` where the server has it.
 */
export function baseBody(request: GenerationRequest, input: BodyInput, fields: BaseFields): Record<string, unknown> {
  const { dialect } = input;
  const body: Record<string, unknown> = { model: input.model };
  if (input.stream) {
    body["stream"] = true;
    if (fields.streamOptions) body["stream_options"] = dialect.continuousUsage ? RUNNING_USAGE : LAST_USAGE;
  }
  const length = requestedTokens(request);
  if (length !== null) {
    body[fields.limit] = length;
    if (dialect.ignoreEos) body["ignore_eos"] = true;
  } else if (input.maxTokens !== null) {
    body[fields.limit] = input.maxTokens;
  }
  return body;
}

import { RECORD_FLAGS } from "./record-layout.js";

/** Where the count of a request's output tokens comes from. */
export const OUTPUT_TOKEN_SOURCES = ["server", "tokenizer", "requested", "stream_events"] as const;

/** One of {@link OUTPUT_TOKEN_SOURCES}. */
export type OutputTokenSource = (typeof OUTPUT_TOKEN_SOURCES)[number];

/**
 * Source of an output token count: the server's own figure, the client's tokenizer, the length that was asked for, or the
 * events of the stream that carried tokens.
 *
 * @param flags - Field `flags` of the record.
 * @param outputTokens - The count; `NaN` is unknown and has no source.
 */
export function outputTokenSource(flags: number, outputTokens: number): OutputTokenSource | null {
  if (Number.isNaN(outputTokens)) return null;
  if ((flags & RECORD_FLAGS.tokenizedOutputTokens) !== 0) return "tokenizer";
  if ((flags & RECORD_FLAGS.requestedOutputTokens) !== 0) return "requested";
  return (flags & RECORD_FLAGS.estimatedOutputTokens) !== 0 ? "stream_events" : "server";
}

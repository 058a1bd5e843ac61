import { divided, orElse, positive, quotients, spans, sumsOfKnown } from "./column-arithmetic.js";
import type { RecordField } from "./record-layout.js";
import type { RequestValue } from "./request-columns.js";

/** Instants of requests in nanoseconds, column by column. */
export type RequestTimes = ReturnType<typeof requestTimes>;

/** Reads one field of all requests. */
type ReadField = (name: RecordField) => Float64Array;

/** Reads the instants that values are computed from. */
export function requestTimes(field: ReadField) {
  return {
    intended: field("intended_start_ns"),
    resolveStart: field("resolve_start_ns"),
    send: field("send_ns"),
    firstToken: field("first_token_ns"),
    firstOutputToken: field("first_output_token_ns"),
    lastToken: field("last_token_ns"),
    end: field("end_ns"),
    resolveEnd: field("resolve_end_ns"),
  };
}

/**
 * Computes every per-request value (formulas of the metric catalogue). `NaN` runs through the arithmetic, so a missing
 * stamp or count makes exactly the values undefined that need it.
 */
export function requestValues(field: ReadField, times: RequestTimes): Readonly<Record<RequestValue, Float64Array>> {
  const counts = tokenCounts(field);
  return { ...counts, ...latencies(field, times, counts), ...scheduleValues(field, times) };
}

function tokenCounts(field: ReadField) {
  const iterations = field("token_iterations");
  const prompt = field("prompt_tokens");
  // Without any count from the server each token event counts as one token.
  const output = orElse(field("output_tokens"), positive(iterations));
  return {
    prompt_tokens: prompt,
    cached_tokens: field("cached_tokens"),
    output_tokens: output,
    total_tokens: sumsOfKnown(prompt, output),
    output_tokens_per_iteration: quotients(output, positive(iterations)),
    iter_tokens_per_iteration: quotients(positive(output, 1), positive(iterations, 1)),
  };
}

function latencies(field: ReadField, times: RequestTimes, counts: ReturnType<typeof tokenCounts>) {
  const { send, firstToken, lastToken, end, resolveEnd } = times;
  const { output_tokens: output, total_tokens: total } = counts;
  const latencyNs = spans(send, end, 1);
  const tokensEnd = orElse(lastToken, orElse(end, resolveEnd));
  const gaps = positive(output, 1);
  const seconds = divided(positive(latencyNs), 1e9);
  return {
    request_latency: divided(latencyNs, 1e9),
    time_to_first_token_ms: spans(send, firstToken, 1e6),
    time_to_first_output_token_ms: spans(send, times.firstOutputToken, 1e6),
    time_to_last_round_trip_ms: spans(field("last_message_sent_ns"), lastToken, 1e6),
    avg_round_trip_time_ms: spans(field("mean_message_sent_ns"), field("mean_token_ns"), 1e6),
    time_per_output_token_ms: quotients(spans(send, tokensEnd, 1e6), positive(output)),
    inter_token_latency_ms: quotients(spans(firstToken, lastToken, 1e6), gaps),
    time_per_output_token_excluding_first_ms: quotients(spans(spans(send, firstToken, 1), latencyNs, 1e6), gaps),
    tokens_per_second: quotients(total, seconds),
    output_tokens_per_second: quotients(output, seconds),
  };
}

function scheduleValues(field: ReadField, { intended, send, firstToken, end }: RequestTimes) {
  const lagNs = spans(intended, send, 1);
  const predecessorNs = predecessorDelays(field("predecessor_completed_ns"), intended, send);
  const fromIntended = spans(intended, end, 1e9);
  return {
    send_lag_ms: divided(lagNs, 1e6),
    request_dispatch_delay: divided(lagNs, 1e9),
    turn_predecessor_delay: divided(predecessorNs, 1e9),
    turn_scheduling_delay: spans(predecessorNs, lagNs, 1e9),
    request_scheduled_latency: fromIntended,
    request_latency_from_intended: fromIntended,
    time_to_first_token_from_intended_ms: spans(intended, firstToken, 1e6),
    connect_time_ms: spans(field("connect_start_ns"), field("connect_end_ns"), 1e6),
  };
}

/** Part of the delay of a send for which the answer before it was not there; 0 without one, undefined without a send. */
function predecessorDelays(predecessor: Float64Array, intended: Float64Array, send: Float64Array): Float64Array {
  const delays = new Float64Array(send.length);
  for (let at = 0; at < delays.length; at += 1) {
    const sentNs = send[at] ?? Number.NaN;
    const intendedNs = intended[at] ?? Number.NaN;
    const completedNs = predecessor[at] ?? Number.NaN;
    delays[at] = Number.isNaN(completedNs)
      ? 0 * (sentNs - intendedNs)
      : Math.max(0, Math.min(sentNs, completedNs) - intendedNs);
  }
  return delays;
}

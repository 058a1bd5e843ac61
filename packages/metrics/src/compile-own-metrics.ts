import { summarizeGroupGaps } from "./group-gaps.js";
import { keepMembers } from "./group-members.js";
import { type CompileContext, compileValues, countGroups } from "./metric-compiler.js";
import { RECORD_FLAGS } from "./record-layout.js";

/** Compiles the metrics that GuideLLM does not have. */
export function compileOwnMetrics(context: CompileContext) {
  const { table, columns, members, conventions } = context;
  const { values } = columns;
  const withIntervals = (column: Float64Array, population: Uint32Array = members.all) =>
    compileValues(context, column, { members: population, intervals: true });
  const estimated = keepMembers(
    members.all,
    (at) => ((columns.flags[at] ?? 0) & RECORD_FLAGS.estimatedOutputTokens) !== 0,
  );
  return {
    inter_token_gap_ms: summarizeGroupGaps(table, columns, members.tokens, conventions),
    time_per_output_token_excluding_first_ms: withIntervals(
      values.time_per_output_token_excluding_first_ms,
      members.tokens,
    ),
    request_latency_from_intended: withIntervals(values.request_latency_from_intended),
    time_to_first_token_from_intended_ms: withIntervals(
      values.time_to_first_token_from_intended_ms,
      members.firstToken,
    ),
    connect_time_ms: withIntervals(values.connect_time_ms),
    send_lag_ms: withIntervals(values.send_lag_ms),
    estimated_output_token_requests: countGroups(columns, estimated),
  };
}

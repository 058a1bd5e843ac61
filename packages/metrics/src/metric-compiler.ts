import { positive, zeroFilled } from "./column-arithmetic.js";
import type { MetricConventions, StatusCounts, StatusDistributionSummary } from "./distribution-summary.js";
import { membersByGroup } from "./group-members.js";
import { summarizeGroups } from "./group-values.js";
import type { RecordTable } from "./record-table.js";
import type { RequestColumns } from "./request-columns.js";
import type { RequestFlow } from "./request-flow.js";
import type { TimeWindow } from "./summarize-rate.js";
import type { WindowMembers } from "./window-members.js";

/** What every part of a compilation works on. */
export interface CompileContext {
  readonly table: RecordTable;
  readonly columns: RequestColumns;
  readonly members: WindowMembers;
  /** The requests that overlap the window. */
  readonly flow: RequestFlow;
  /** Measurement window in seconds of the run's clock. */
  readonly window: Required<TimeWindow>;
  readonly conventions: MetricConventions;
  /** Confidence level of the intervals; null leaves them out. */
  readonly confidence: number | null;
}

/** How one value metric is compiled; left out means: all requests of the window, weight 1, no intervals. */
export interface ValueMetricOptions {
  readonly members?: Uint32Array;
  readonly weights?: Float64Array;
  readonly intervals?: boolean;
  /** Whether GuideLLM counts undefined values as 0. */
  readonly zeroInGuidellm?: boolean;
}

/** Compiles a metric that has one value per request. */
export function compileValues(
  context: CompileContext,
  values: Float64Array,
  options: ValueMetricOptions = {},
): StatusDistributionSummary {
  return summarizeGroups({
    columns: context.columns,
    members: options.members ?? context.members.all,
    values,
    weights: options.weights ?? null,
    conventions: context.conventions,
    confidence: options.intervals === true ? context.confidence : null,
    zeroInGuidellm: options.zeroInGuidellm ?? false,
  });
}

/** Number of members by group. */
export function countGroups(columns: RequestColumns, members: Uint32Array): StatusCounts {
  const [successful, errored, incomplete] = membersByGroup(columns, members);
  return {
    successful: successful.length,
    errored: errored.length,
    incomplete: incomplete.length,
    total: members.length,
  };
}

/** Output tokens by request, 0 where unknown: the weights of `time_per_output_token_ms`. */
export function outputTokenWeights(columns: RequestColumns): Float64Array {
  return zeroFilled(columns.values.output_tokens);
}

/** Gaps between output tokens by request, 0 where unknown: the weights of `inter_token_latency_ms`. */
export function gapWeights(columns: RequestColumns): Float64Array {
  return zeroFilled(positive(columns.values.output_tokens, 1));
}

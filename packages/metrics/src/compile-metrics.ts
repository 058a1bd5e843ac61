import { compileFlow } from "./compile-flow.js";
import { compileModalities } from "./compile-modalities.js";
import { compileOwnMetrics } from "./compile-own-metrics.js";
import { compileSchedule } from "./compile-schedule.js";
import { compileTokenShape } from "./compile-token-shape.js";
import { compileClasses, compileTurns } from "./compile-turns.js";
import type { MetricConventions } from "./distribution-summary.js";
import type { GenerativeMetrics } from "./generative-metrics.js";
import { type CompileContext, compileValues, countGroups, gapWeights, outputTokenWeights } from "./metric-compiler.js";
import { compileObjectives, type ObjectiveArgs } from "./objectives.js";
import type { RecordTable } from "./record-table.js";
import { buildRequestColumns, type RequestColumns } from "./request-columns.js";
import { RequestFlow } from "./request-flow.js";
import { type MeasurementWindow, selectMembers, type WindowPolicy } from "./window-members.js";

/** What {@link compileMetrics} needs. */
export interface CompileMetricsInput {
  readonly table: RecordTable;
  /** Those of the table, where they are there already. */
  readonly columns?: RequestColumns;
  readonly window: MeasurementWindow;
  /** `type_` of the strategy; schedule metrics exist only for `constant`, `poisson` and `trace`. */
  readonly strategyType: string;
  readonly metricsArgs: {
    readonly confidence: number | null;
    readonly slo: ObjectiveArgs | null;
    /** @defaultValue "overlap" */
    readonly window_policy?: WindowPolicy;
  };
  /** Objectives beside `slo`, as written on the command line. @defaultValue none */
  readonly objectives?: readonly string[];
  /** @defaultValue "goodput" */
  readonly conventions?: MetricConventions;
}

/**
 * Compiles the metrics of one benchmark from all its request records. Linear in requests and token gaps, plus one sort
 * for each metric; never fails for lack of data.
 */
export function compileMetrics(input: CompileMetricsInput): GenerativeMetrics {
  const columns = input.columns ?? buildRequestColumns(input.table);
  const members = selectMembers(columns, input.window, input.metricsArgs.window_policy);
  const window = { start: input.window.startNs / 1e9, end: input.window.endNs / 1e9 };
  const context: CompileContext = {
    table: input.table,
    columns,
    members,
    flow: new RequestFlow(columns, members.overlapping, window),
    window,
    conventions: input.conventions ?? "goodput",
    confidence: input.metricsArgs.confidence,
  };
  const flow = compileFlow(context);
  return {
    request_totals: countGroups(columns, context.members.all),
    requests_per_second: flow.requests_per_second,
    request_concurrency: flow.request_concurrency,
    request_latency: counted(context, columns.values.request_latency),
    ...compileSchedule(context, input.strategyType),
    ...compileCounts(context),
    ...compileLatencies(context),
    prompt_tokens_per_second: flow.prompt_tokens_per_second,
    output_tokens_per_second: flow.output_tokens_per_second,
    tokens_per_second: flow.tokens_per_second,
    ...compileTokenShape(context),
    ...compileModalities(context),
    turns: compileTurns(context),
    ...compileObjectives({
      ...context,
      members: context.members.all,
      slo: input.metricsArgs.slo,
      objectives: input.objectives ?? [],
    }),
    classes: compileClasses(context),
    ...compileOwnMetrics(context),
  };
}

/** A metric with intervals whose undefined values count as 0 in GuideLLM. */
function counted(context: CompileContext, values: Float64Array) {
  return compileValues(context, values, { intervals: true, zeroInGuidellm: true });
}

function compileCounts(context: CompileContext) {
  const { columns } = context;
  return {
    request_streaming_iterations_count: counted(context, columns.iterations),
    prompt_token_count: counted(context, columns.values.prompt_tokens),
    output_token_count: counted(context, columns.values.output_tokens),
    total_token_count: counted(context, columns.values.total_tokens),
  };
}

function compileLatencies(context: CompileContext) {
  const { columns, members } = context;
  return {
    time_to_first_token_ms: compileValues(context, columns.values.time_to_first_token_ms, {
      members: members.firstToken,
      intervals: true,
    }),
    time_to_first_output_token_ms: compileValues(context, columns.values.time_to_first_output_token_ms, {
      members: members.firstOutputToken,
      intervals: true,
    }),
    time_per_output_token_ms: compileValues(context, columns.values.time_per_output_token_ms, {
      weights: outputTokenWeights(columns),
      zeroInGuidellm: true,
    }),
    inter_token_latency_ms: compileValues(context, columns.values.inter_token_latency_ms, {
      members: members.tokens,
      weights: gapWeights(columns),
      zeroInGuidellm: true,
    }),
    time_to_last_round_trip_ms: counted(context, columns.values.time_to_last_round_trip_ms),
    avg_round_trip_time_ms: counted(context, columns.values.avg_round_trip_time_ms),
  };
}

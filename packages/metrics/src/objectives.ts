import { wilsonInterval } from "./confidence-intervals.js";
import type { Interval, MetricConventions, StatusDistributionSummary } from "./distribution-summary.js";
import { groupEvents, summarizeGroupRates } from "./group-rates.js";
import type { RequestColumns } from "./request-columns.js";
import type { TimeWindow } from "./summarize-rate.js";

/** Objectives every request is held against; null is "no objective". Names follow vLLM's serving benchmark. */
export interface ObjectiveArgs {
  /** Limit of the time to first token, in milliseconds. */
  readonly ttft_ms: number | null;
  /** Limit of the mean time between output tokens (first token excluded), in milliseconds. */
  readonly tpot_ms: number | null;
  /** Limit of the whole request, in milliseconds. */
  readonly e2el_ms: number | null;
}

/** How the requests did against one objective. */
export interface ObjectiveResult {
  readonly objective: keyof ObjectiveArgs;
  readonly limit_ms: number;
  /** Successful requests with a value for it. */
  readonly determined_requests: number;
  readonly conforming_requests: number;
  /** Conforming by determined; null when there are none. */
  readonly attainment: number | null;
  /** Successful requests without a value for it. */
  readonly missing_requests: number;
}

/** Share and rate of the requests that met all objectives. */
export interface ObjectiveMetrics {
  readonly slo_attainment: number | null;
  readonly slo_determined_requests: number;
  readonly request_goodput: StatusDistributionSummary | null;
  /** Wilson interval of the attainment. */
  readonly slo_attainment_ci: Interval | null;
  /** Successful requests that lack a value for one of the objectives and are judged neither way. */
  readonly slo_undetermined_requests: number;
  readonly slo_objectives: readonly ObjectiveResult[] | null;
}

const OBJECTIVES = ["ttft_ms", "tpot_ms", "e2el_ms"] as const;

/**
 * Verdict on one request: undetermined (null) as soon as a configured objective has no value, even if another is
 * already broken; else true when every value is at most its objective.
 *
 * @param values - By objective, in milliseconds; `NaN` is "no value".
 */
export function judgeRequest(
  objectives: ObjectiveArgs,
  values: Readonly<Record<keyof ObjectiveArgs, number>>,
): boolean | null {
  const configured = OBJECTIVES.filter((name) => objectives[name] !== null);
  if (configured.some((name) => Number.isNaN(values[name]))) return null;
  return configured.every((name) => values[name] <= (objectives[name] ?? Number.POSITIVE_INFINITY));
}

/** What {@link compileObjectives} needs. */
export interface ObjectivesInput {
  readonly columns: RequestColumns;
  /** Requests that overlap the window. */
  readonly members: Uint32Array;
  readonly objectives: ObjectiveArgs | null;
  readonly window: TimeWindow;
  readonly conventions: MetricConventions;
  readonly confidence: number | null;
}

/**
 * Compiles attainment and goodput. Errored requests fail whatever they measured; requests that the end of the run cut
 * off are left out (rules of GuideLLM 0.8.1).
 */
export function compileObjectives(input: ObjectivesInput): ObjectiveMetrics {
  const { columns, members, objectives } = input;
  if (objectives === null) return NO_OBJECTIVES;
  const conforming: number[] = [];
  let undetermined = 0;
  let determined = 0;
  for (const at of members) {
    if (columns.group[at] === 1) determined += 1;
    if (columns.group[at] !== 0) continue;
    const verdict = judgeRequest(objectives, valuesOf(columns, at));
    determined += verdict === null ? 0 : 1;
    undetermined += verdict === null ? 1 : 0;
    if (verdict === true) conforming.push(at);
  }
  const events = groupEvents(columns, Uint32Array.from(conforming), columns.end, null);
  const interval = input.confidence === null || determined === 0;
  return {
    slo_attainment: determined === 0 ? null : conforming.length / determined,
    slo_determined_requests: determined,
    request_goodput: determined === 0 ? null : summarizeGroupRates(events, input.window, input.conventions),
    slo_attainment_ci: interval ? null : wilsonInterval(conforming.length, determined, input.confidence ?? 0),
    slo_undetermined_requests: undetermined,
    slo_objectives: OBJECTIVES.flatMap((name) => objectiveResult(input, name)),
  };
}

const NO_OBJECTIVES: ObjectiveMetrics = Object.freeze({
  slo_attainment: null,
  slo_determined_requests: 0,
  request_goodput: null,
  slo_attainment_ci: null,
  slo_undetermined_requests: 0,
  slo_objectives: null,
});

function valuesOf(columns: RequestColumns, at: number): Record<keyof ObjectiveArgs, number> {
  return {
    ttft_ms: columns.values.time_to_first_token_ms[at] ?? Number.NaN,
    tpot_ms: columns.values.inter_token_latency_ms[at] ?? Number.NaN,
    e2el_ms: (columns.values.request_latency[at] ?? Number.NaN) * 1000,
  };
}

function objectiveResult(input: ObjectivesInput, name: keyof ObjectiveArgs): ObjectiveResult[] {
  const limit = input.objectives?.[name] ?? null;
  if (limit === null) return [];
  const successful = input.members.filter((at) => input.columns.group[at] === 0);
  const values = Array.from(successful, (at) => valuesOf(input.columns, at)[name]);
  const measured = values.filter((value) => !Number.isNaN(value));
  const conforming = measured.filter((value) => value <= limit).length;
  return [
    {
      objective: name,
      limit_ms: limit,
      determined_requests: measured.length,
      conforming_requests: conforming,
      attainment: measured.length === 0 ? null : conforming / measured.length,
      missing_requests: values.length - measured.length,
    },
  ];
}

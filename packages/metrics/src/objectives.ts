import { wilsonInterval } from "./confidence-intervals.js";
import type { Interval, MetricConventions, StatusDistributionSummary } from "./distribution-summary.js";
import { MetricsError } from "./errors.js";
import { clusteredShare } from "./objective/clustered-share.js";
import {
  inOrderOfStart,
  judgeObjective,
  type ObjectiveEvidence,
  type ObjectiveOutcome,
} from "./objective/judge-objective.js";
import { DEFAULT_SHARE, leastValue, type Objective } from "./objective/objective.js";
import { ALL_REQUESTS } from "./objective/objective-scope.js";
import { parseObjective } from "./objective/objective-text.js";
import type { RequestColumns } from "./request-columns.js";
import { RequestFlow } from "./request-flow.js";
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
  /** Wilson interval at the effective number of requests. */
  readonly attainment_ci: Interval | null;
  /** Successful requests without a value for it. */
  readonly missing_requests: number;
  /** The same by cause. */
  readonly missing_by_cause: ObjectiveOutcome["undetermined_requests"];
}

/** Share and rate of the requests that met all objectives. */
export interface ObjectiveMetrics {
  readonly slo_attainment: number | null;
  readonly slo_determined_requests: number;
  readonly request_goodput: StatusDistributionSummary | null;
  /** The same with latency and time to first token counted from the intended start. */
  readonly slo_attainment_from_intended: number | null;
  readonly request_goodput_from_intended: StatusDistributionSummary | null;
  /** Wilson interval of the attainment. */
  readonly slo_attainment_ci: Interval | null;
  /** Successful requests that lack a value for one of the objectives and are judged neither way. */
  readonly slo_undetermined_requests: number;
  readonly slo_objectives: readonly ObjectiveResult[] | null;
  /** Independent requests that the judged ones are worth: those of one bad moment fail together. */
  readonly slo_effective_requests: number;
  /** Requests that this client cut off; they are judged neither way. */
  readonly slo_cut_requests: number;
  /** Those of them that had broken an objective by then. */
  readonly slo_cut_late_requests: number;
  /** How the requests did against each of `spec.objectives`; null without any. */
  readonly objectives: readonly ObjectiveOutcome[] | null;
}

const OBJECTIVES = ["ttft_ms", "tpot_ms", "e2el_ms"] as const;
const NAMES = { ttft_ms: "ttft", tpot_ms: "tpot", e2el_ms: "e2el" } as const;

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
  readonly slo: ObjectiveArgs | null;
  /** As written on the command line. */
  readonly objectives: readonly string[];
  readonly window: TimeWindow;
  readonly conventions: MetricConventions;
  readonly confidence: number | null;
}

/**
 * Compiles attainment and goodput. Errored requests fail whatever they measured; requests that the end of the run cut
 * off are left out (rules of GuideLLM 0.8.1).
 */
export function compileObjectives(input: ObjectivesInput): ObjectiveMetrics {
  const objectives =
    input.objectives.length === 0
      ? null
      : input.objectives.map((text) => judgeObjective(readObjective(text), evidenceOf(input)));
  return { ...compileSlo(input), objectives };
}

function compileSlo(input: ObjectivesInput): Omit<ObjectiveMetrics, "objectives"> {
  const { columns, members, slo } = input;
  if (slo === null) return NO_OBJECTIVES;
  const { conforming, verdicts, undetermined } = judgeAll(input, slo, valuesOf);
  const fromIntended = judgeAll(input, slo, valuesFromIntended);
  const share = clusteredShare(verdicts);
  const { determined } = share;
  const cut = members.filter((at) => columns.group[at] === 2);
  const interval = input.confidence === null || determined === 0;
  return {
    slo_attainment: determined === 0 ? null : conforming.length / determined,
    slo_determined_requests: determined,
    request_goodput: determined === 0 ? null : rateOf(input, conforming),
    slo_attainment_from_intended: attainmentOf(fromIntended),
    request_goodput_from_intended: fromIntended.verdicts.length === 0 ? null : rateOf(input, fromIntended.conforming),
    slo_attainment_ci: interval ? null : wilsonInterval(conforming.length, determined, input.confidence ?? 0),
    slo_undetermined_requests: undetermined,
    slo_objectives: OBJECTIVES.flatMap((name) => objectiveResult(input, name)),
    slo_effective_requests: share.effective,
    slo_cut_requests: cut.length,
    slo_cut_late_requests: cut.filter((at) => isLate(columns, at, slo)).length,
  };
}

interface Judged {
  /** Positions in the columns. */
  readonly conforming: readonly number[];
  /** In order of start. */
  readonly verdicts: readonly boolean[];
  readonly undetermined: number;
}

function judgeAll({ columns, members }: ObjectivesInput, slo: ObjectiveArgs, valuesOfRequest: typeof valuesOf): Judged {
  const conforming: number[] = [];
  const verdicts: boolean[] = [];
  let undetermined = 0;
  for (const at of inOrderOfStart(columns, members)) {
    if (columns.group[at] === 2) continue;
    const verdict = columns.group[at] === 1 ? false : judgeRequest(slo, valuesOfRequest(columns, at));
    if (verdict === null) undetermined += 1;
    else verdicts.push(verdict);
    if (verdict === true) conforming.push(at);
  }
  return { conforming, verdicts, undetermined };
}

function attainmentOf({ conforming, verdicts }: Judged): number | null {
  return verdicts.length === 0 ? null : conforming.length / verdicts.length;
}

/** Ends of requests per second. */
function rateOf({ columns, window, conventions }: ObjectivesInput, requests: readonly number[]) {
  return new RequestFlow(columns, Uint32Array.from(requests), window).rate(null, conventions);
}

function isLate(columns: RequestColumns, at: number, slo: ObjectiveArgs): boolean {
  return OBJECTIVES.some((name) => leastValue(columns, at, NAMES[name]) > (slo[name] ?? Number.POSITIVE_INFINITY));
}

function evidenceOf({ columns, members, confidence }: ObjectivesInput): ObjectiveEvidence {
  return { columns, members, confidence };
}

/** @throws {MetricsError} CORE_METRICS_OBJECTIVE. */
function readObjective(text: string): Objective {
  const reading = parseObjective(text);
  if ("value" in reading) return reading.value;
  throw new MetricsError(`The objective "${text}" ${reading.problem}.`, { code: "CORE_METRICS_OBJECTIVE" });
}

const NO_OBJECTIVES: Omit<ObjectiveMetrics, "objectives"> = Object.freeze({
  slo_attainment: null,
  slo_determined_requests: 0,
  request_goodput: null,
  slo_attainment_from_intended: null,
  request_goodput_from_intended: null,
  slo_attainment_ci: null,
  slo_undetermined_requests: 0,
  slo_objectives: null,
  slo_effective_requests: 0,
  slo_cut_requests: 0,
  slo_cut_late_requests: 0,
});

function valuesOf(columns: RequestColumns, at: number): Record<keyof ObjectiveArgs, number> {
  return {
    ttft_ms: columns.values.time_to_first_token_ms[at] ?? Number.NaN,
    tpot_ms: columns.values.inter_token_latency_ms[at] ?? Number.NaN,
    e2el_ms: (columns.values.request_latency[at] ?? Number.NaN) * 1000,
  };
}

function valuesFromIntended(columns: RequestColumns, at: number): Record<keyof ObjectiveArgs, number> {
  return {
    ...valuesOf(columns, at),
    ttft_ms: columns.values.time_to_first_token_from_intended_ms[at] ?? Number.NaN,
    e2el_ms: (columns.values.request_latency_from_intended[at] ?? Number.NaN) * 1000,
  };
}

function objectiveResult(input: ObjectivesInput, name: keyof ObjectiveArgs): ObjectiveResult[] {
  const limit = input.slo?.[name] ?? null;
  if (limit === null) return [];
  const successful = input.members.filter((at) => input.columns.group[at] === 0);
  const metric = NAMES[name];
  const outcome = judgeObjective(
    { metric, statistic: "each", limit, share: DEFAULT_SHARE, scope: ALL_REQUESTS },
    { ...evidenceOf(input), members: successful },
  );
  const { determined_requests, conforming_requests, attainment, attainment_ci } = outcome;
  return [
    {
      objective: name,
      limit_ms: limit,
      determined_requests,
      conforming_requests,
      attainment,
      attainment_ci,
      missing_requests: successful.length - determined_requests,
      missing_by_cause: outcome.undetermined_requests,
    },
  ];
}

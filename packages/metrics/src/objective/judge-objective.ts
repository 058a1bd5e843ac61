import type { Interval } from "../distribution-summary.js";
import type { RequestColumns } from "../request-columns.js";
import { batchMean } from "./batch-mean.js";
import { type ClusteredShare, clusteredShare, shareInterval } from "./clustered-share.js";
import { leastValue, type MissingCause, type Objective, objectiveValue } from "./objective.js";
import { scopeTest, unknownClass } from "./objective-scope.js";
import { writeObjective } from "./objective-text.js";

/** Whether an objective was met, as far as the measurement can tell. */
export type ObjectiveVerdict = "met" | "missed" | "undecided" | "unmeasured";

/** How the requests of a benchmark did against one objective. */
export interface ObjectiveOutcome {
  /** As it is written on the command line. */
  readonly objective: string;
  readonly verdict: ObjectiveVerdict;
  /** Why it cannot be measured at all; null when it can. */
  readonly problem: string | null;
  /** Share of requests that must conform; null for a mean. */
  readonly target: number | null;
  /** Requests that were judged: successful ones with a value, and failed ones, which conform to nothing. */
  readonly determined_requests: number;
  readonly conforming_requests: number;
  /** Independent requests that these are worth. */
  readonly effective_requests: number;
  /** Conforming by determined; null when there are none. */
  readonly attainment: number | null;
  readonly attainment_ci: Interval | null;
  /** The mean or percentile of the successful requests, ms; null for `each` and `errors`. */
  readonly value_ms: number | null;
  /** Of a mean. */
  readonly value_ci: Interval | null;
  /** Standard error of a mean, ms. */
  readonly value_se_ms: number | null;
  /** Successful requests without a value, by cause. */
  readonly undetermined_requests: Readonly<Partial<Record<MissingCause, number>>>;
  /** Requests that this client cut off; they are judged neither way. */
  readonly cut_requests: number;
  /** Those of them that had broken the limit by then. */
  readonly cut_late_requests: number;
}

/** What {@link judgeObjective} looks at. */
export interface ObjectiveEvidence {
  readonly columns: RequestColumns;
  /** Requests of the measurement window, positions in the columns. */
  readonly members: Uint32Array;
  /** Null when intervals were switched off; the verdict then follows the point estimate. */
  readonly confidence: number | null;
}

/** Holds the requests of a benchmark against an objective. */
export function judgeObjective(objective: Objective, evidence: ObjectiveEvidence): ObjectiveOutcome {
  const { columns, confidence } = evidence;
  const members = chooseMembers(objective, evidence);
  const values: number[] = [];
  const verdicts: boolean[] = [];
  const missing: Partial<Record<MissingCause, number>> = {};
  for (const at of members) {
    const failed = columns.group[at] === 1;
    if (failed || objective.metric === "errors") {
      verdicts.push(!failed);
      continue;
    }
    const value = objectiveValue(columns, at, objective.metric);
    if (typeof value === "string") missing[value] = (missing[value] ?? 0) + 1;
    else {
      values.push(value);
      verdicts.push(value <= objective.limit);
    }
  }
  const share = clusteredShare(verdicts);
  const mean = objective.statistic === "mean" ? batchMean(values, confidence ?? 0.95) : null;
  const interval = confidence === null ? null : shareInterval(share, confidence);
  const cut = cutMembers(objective, evidence);
  return {
    objective: writeObjective(objective),
    verdict:
      mean === null ? judgeShare(share, objective.share ?? 1, interval) : judgeMean(mean, objective.limit, confidence),
    problem: unknownClass(objective.scope, columns.classNames),
    target: objective.share,
    determined_requests: share.determined,
    conforming_requests: share.conforming,
    effective_requests: share.effective,
    attainment: share.determined === 0 ? null : share.conforming / share.determined,
    attainment_ci: interval,
    value_ms: mean === null ? percentileOf(values, objective.statistic) : mean.mean,
    value_ci: confidence === null ? null : (mean?.interval ?? null),
    value_se_ms: mean?.standardError ?? null,
    undetermined_requests: missing,
    cut_requests: cut.length,
    cut_late_requests: cut.filter((at) => leastValue(columns, at, objective.metric) > objective.limit).length,
  };
}

/** Decides a share by its interval; by the point estimate when there is none. */
export function judgeShare(share: ClusteredShare, target: number, interval: Interval | null): ObjectiveVerdict {
  if (share.determined === 0) return "unmeasured";
  if (interval === null) return share.conforming / share.determined >= target ? "met" : "missed";
  if (interval.lower >= target) return "met";
  return interval.upper < target ? "missed" : "undecided";
}

function judgeMean(
  { mean, interval }: { readonly mean: number | null; readonly interval: Interval | null },
  limit: number,
  confidence: number | null,
): ObjectiveVerdict {
  if (mean === null) return "unmeasured";
  if (confidence === null) return mean <= limit ? "met" : "missed";
  if (interval === null) return "undecided";
  if (interval.upper <= limit) return "met";
  return interval.lower > limit ? "missed" : "undecided";
}

/** Finished requests that the objective is about, in the order in which they started. */
function chooseMembers({ scope }: Objective, { columns, members }: ObjectiveEvidence): readonly number[] {
  const isMeant = scopeTest(scope, columns);
  const chosen = members.filter((at) => columns.group[at] !== 2 && isMeant(at));
  return inOrderOfStart(columns, chosen);
}

function cutMembers({ scope }: Objective, { columns, members }: ObjectiveEvidence): Uint32Array {
  const isMeant = scopeTest(scope, columns);
  return members.filter((at) => columns.group[at] === 2 && isMeant(at));
}

/** Requests by start. */
export function inOrderOfStart(columns: RequestColumns, members: Uint32Array): readonly number[] {
  return Array.from(members).sort((left, right) => startOf(columns, left) - startOf(columns, right));
}

/** A failed request may have no start; its end then stands in. */
function startOf(columns: RequestColumns, at: number): number {
  const start = columns.start[at] ?? Number.NaN;
  return Number.isNaN(start) ? (columns.end[at] ?? 0) : start;
}

/** Nearest-rank percentile. */
function percentileOf(values: readonly number[], statistic: Objective["statistic"]): number | null {
  if (typeof statistic === "string" || values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil((statistic / 100) * sorted.length) - 1)] ?? null;
}

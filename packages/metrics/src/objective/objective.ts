import type { RequestColumns, RequestValue } from "../request-columns.js";
import type { ObjectiveScope } from "./objective-scope.js";

/** What objectives can be about: figures of a request in milliseconds, and whether it failed. */
export const OBJECTIVE_METRICS = [
  "ttft",
  "ttfot",
  "tpot",
  "itl",
  "e2el",
  "ttft_from_intended",
  "e2el_from_intended",
  "errors",
] as const;

/** Name of what an objective is about. */
export type ObjectiveMetric = (typeof OBJECTIVE_METRICS)[number];

/** A target for the requests of a benchmark. */
export interface Objective {
  readonly metric: ObjectiveMetric;
  /**
   * `each`: a share of the requests must keep the limit; a number in (0, 100): this percentile must keep it, which is the
   * same with the share `percentile / 100`; `mean`: the mean must keep it.
   */
  readonly statistic: "each" | "mean" | number;
  /** Milliseconds; for `errors` a share in (0, 1). */
  readonly limit: number;
  /** Share of requests that must keep the limit, in (0, 1); null for a mean. */
  readonly share: number | null;
  readonly scope: ObjectiveScope;
}

/** Share of requests that must keep a limit when none is given. */
export const DEFAULT_SHARE = 0.95;

/** Why a successful request has no figure that an objective asks for. */
export type MissingCause = "no_first_token" | "fewer_than_two_tokens" | "no_token_count" | "no_send_time";

/** The figure of a request in milliseconds, or why there is none. */
export function objectiveValue(
  columns: RequestColumns,
  at: number,
  metric: Exclude<ObjectiveMetric, "errors">,
): number | MissingCause {
  const value = (columns.values[VALUES[metric]][at] ?? Number.NaN) * (metric.startsWith("e2el") ? 1000 : 1);
  return Number.isNaN(value) ? missingCause(columns, at, metric) : value;
}

/** What the figure of a request that was cut off is at least, in milliseconds; 0 where nothing is known. */
export function leastValue(columns: RequestColumns, at: number, metric: ObjectiveMetric): number {
  const from = metric.endsWith(FROM_INTENDED);
  const plain = from ? metric.slice(0, -FROM_INTENDED.length) : metric;
  if (plain !== "ttft" && plain !== "ttfot" && plain !== "e2el") return 0;
  const firstToken = plain === "e2el" ? Number.NaN : (columns[FIRST_TOKENS[plain]][at] ?? Number.NaN);
  const until = Number.isNaN(firstToken) ? (columns.end[at] ?? Number.NaN) : firstToken;
  const lagMs = from ? (columns.values.send_lag_ms[at] ?? Number.NaN) : 0;
  const least = (until - (columns.start[at] ?? Number.NaN)) * 1000 + lagMs;
  return Number.isNaN(least) ? 0 : least;
}

const FROM_INTENDED = "_from_intended";
const FIRST_TOKENS = { ttft: "firstToken", ttfot: "firstOutputToken" } as const;

const VALUES: Readonly<Record<Exclude<ObjectiveMetric, "errors">, RequestValue>> = {
  ttft: "time_to_first_token_ms",
  ttfot: "time_to_first_output_token_ms",
  tpot: "inter_token_latency_ms",
  itl: "inter_token_latency_ms",
  e2el: "request_latency",
  ttft_from_intended: "time_to_first_token_from_intended_ms",
  e2el_from_intended: "request_latency_from_intended",
};

function missingCause(columns: RequestColumns, at: number, metric: ObjectiveMetric): MissingCause {
  if (metric.startsWith("e2el")) return "no_send_time";
  if (Number.isNaN(columns.firstToken[at] ?? Number.NaN)) return "no_first_token";
  if (metric.startsWith("ttf")) return metric === "ttfot" ? "no_first_token" : "no_send_time";
  return Number.isNaN(columns.values.output_tokens[at] ?? Number.NaN) ? "no_token_count" : "fewer_than_two_tokens";
}

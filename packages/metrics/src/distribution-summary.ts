/** Names of the reported percentiles with their quantiles, ascending. */
export const PERCENTILES = [
  ["p001", 0.001],
  ["p01", 0.01],
  ["p05", 0.05],
  ["p10", 0.1],
  ["p25", 0.25],
  ["p50", 0.5],
  ["p75", 0.75],
  ["p90", 0.9],
  ["p95", 0.95],
  ["p99", 0.99],
  ["p999", 0.999],
] as const;

/** Name of one reported percentile. */
export type PercentileName = (typeof PERCENTILES)[number][0];

/** Confidence interval, both ends included. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Description of one distribution, with GuideLLM's keys in GuideLLM's order plus `undefined_count`. Statistics of a
 * distribution without values are null (GuideLLM writes 0); `count` and `total_sum` are then 0.
 */
export interface DistributionSummary {
  readonly mean: number | null;
  readonly median: number | null;
  /** Null when every value occurs once, because then no value is more frequent than another. */
  readonly mode: number | null;
  /** Population variance. */
  readonly variance: number | null;
  readonly std_dev: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Sum of the weights, rounded: requests, tokens or gaps, as the catalogue says for each metric. */
  readonly count: number;
  readonly total_sum: number;
  readonly percentiles: Readonly<Record<PercentileName, number | null>>;
  readonly pdf: null;
  readonly mean_ci: Interval | null;
  readonly percentile_cis: Readonly<Record<PercentileName, Interval | null>> | null;
  /** Requests of the population that have no value for this metric. */
  readonly undefined_count: number;
}

/** One distribution per final state; `total` is computed from all values, never by adding summaries. */
export interface StatusDistributionSummary {
  readonly successful: DistributionSummary;
  readonly errored: DistributionSummary;
  readonly incomplete: DistributionSummary;
  readonly total: DistributionSummary;
}

/** One number per final state. */
export interface StatusCounts {
  readonly successful: number;
  readonly errored: number;
  readonly incomplete: number;
  readonly total: number;
}

/**
 * Which rules a compilation follows: `goodput` leaves undefined values out, clips every rate to the measurement window
 * and sums modality totals per request; `guidellm` reproduces GuideLLM 0.8.1 (undefined latencies count as 0, modality
 * rates are not clipped, modality totals pool both sides), for comparing the two tools.
 */
export type MetricConventions = "goodput" | "guidellm";

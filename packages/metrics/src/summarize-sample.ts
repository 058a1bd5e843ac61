import { sumOf } from "./column-arithmetic.js";
import { meanInterval, quantileIntervals } from "./confidence-intervals.js";
import {
  type DistributionSummary,
  type Interval,
  type MetricConventions,
  PERCENTILES,
  type PercentileName,
} from "./distribution-summary.js";
import { roundHalfEven } from "./round-half-even.js";
import type { Sample } from "./sample.js";

const MINIMUM_TOTAL_WEIGHT = 1e-6;
/** Relative tolerance of a rank: sums of weights carry rounding, and an exact tie must not slip to the next value. */
const RANK_TOLERANCE = 1e-9;

/** Options of {@link summarizeSample}. */
export interface SummarizeOptions {
  /** Replaces the sum of weights as reported count. */
  readonly count?: number;
  /** Confidence level of the intervals; null leaves them out. Ignored for weighted samples. */
  readonly confidence?: number | null;
  readonly conventions?: MetricConventions;
  readonly undefinedCount?: number;
}

interface Points {
  readonly values: Float64Array;
  readonly weights: Float64Array;
  readonly totalWeight: number;
}

/**
 * Summarises weighted values: weighted mean, population variance, and percentiles as the first value whose running
 * weight reaches `q` times the total weight (inverse distribution function, no interpolation; after GuideLLM, with a
 * rank tolerance instead of running sums of rounded quotients).
 */
export function summarizeSample(sample: Sample, options: SummarizeOptions = {}): DistributionSummary {
  const conventions = options.conventions ?? "goodput";
  const count = options.count ?? roundHalfEven(sumOfWeights(sample));
  const points = toPoints(sample);
  const undefinedCount = options.undefinedCount ?? 0;
  if (points.values.length === 0) {
    return emptySummary(conventions, count, undefinedCount);
  }
  const mean = weightedMean(points);
  const variance = weightedVariance(points, mean);
  const percentiles = percentilesOf(points);
  const intervals = intervalsOf(sample, mean, Math.sqrt(variance), options);
  return {
    mean,
    median: percentiles.p50,
    mode: modeOf(points, conventions),
    variance,
    std_dev: Math.sqrt(variance),
    min: points.values[0] ?? null,
    max: points.values.at(-1) ?? null,
    count,
    total_sum: mean * count,
    percentiles,
    pdf: null,
    ...intervals,
    undefined_count: undefinedCount,
  };
}

/** Summary of nothing: null statistics, or zeros under GuideLLM's conventions. */
export function emptySummary(
  conventions: MetricConventions,
  count: number,
  undefinedCount: number,
): DistributionSummary {
  const value = conventions === "guidellm" ? 0 : null;
  return {
    mean: value,
    median: value,
    mode: value,
    variance: value,
    std_dev: value,
    min: value,
    max: value,
    count,
    total_sum: 0,
    percentiles: Object.fromEntries(PERCENTILES.map(([name]) => [name, value])) as DistributionSummary["percentiles"],
    pdf: null,
    mean_ci: null,
    percentile_cis: null,
    undefined_count: undefinedCount,
  };
}

function sumOfWeights({ values, weights }: Sample): number {
  return weights === null ? values.length : sumOf(weights);
}

/** Distinct values with positive weight, ascending. */
function toPoints(sample: Sample): Points {
  const values = new Float64Array(sample.values.length);
  const weights = new Float64Array(sample.values.length);
  const kept = mergeEqual(sample, values, weights);
  const keptWeights = weights.subarray(0, kept);
  let totalWeight = sumOf(keptWeights);
  if (totalWeight <= MINIMUM_TOTAL_WEIGHT) {
    keptWeights.fill(1);
    totalWeight = kept;
  }
  return { values: values.subarray(0, kept), weights: keptWeights, totalWeight };
}

/** Writes each value that weighs something once, with all its weight. @returns How many there are. */
function mergeEqual({ values, weights }: Sample, toValues: Float64Array, toWeights: Float64Array): number {
  let kept = 0;
  let latest = Number.NaN;
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    if (value !== latest) {
      if (sum > 0) kept += 1;
      latest = value;
      sum = 0;
    }
    sum += weights === null ? 1 : (weights[at] ?? 0);
    toValues[kept] = latest; // until the next value takes the place of one without weight
    toWeights[kept] = sum;
  }
  return sum > 0 ? kept + 1 : kept;
}

function weightedMean({ values, weights, totalWeight }: Points): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += (values[at] ?? 0) * (weights[at] ?? 0);
  return sum / totalWeight;
}

function weightedVariance({ values, weights, totalWeight }: Points, mean: number): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += ((values[at] ?? 0) - mean) ** 2 * (weights[at] ?? 0);
  return sum / totalWeight;
}

function modeOf(points: Points, conventions: MetricConventions): number | null {
  let best = 0;
  let varied = points.values.length === 1;
  for (let at = 1; at < points.values.length; at += 1) {
    varied ||= points.weights[at] !== points.weights[0];
    best = (points.weights[at] ?? 0) > (points.weights[best] ?? 0) ? at : best;
  }
  return varied || conventions === "guidellm" ? (points.values[best] ?? null) : null;
}

function percentilesOf({ values, weights, totalWeight }: Points): Record<PercentileName, number> {
  const tolerance = RANK_TOLERANCE * totalWeight;
  const ranks = Float64Array.from(PERCENTILES, ([, quantile]) => quantile * totalWeight - tolerance);
  const found = valuesAt(ranks, values, weights);
  return Object.fromEntries(PERCENTILES.map(([name], at) => [name, found[at] ?? 0])) as Record<PercentileName, number>;
}

/** First values whose running weights reach ascending ranks; the last value where none does. */
function valuesAt(ranks: Float64Array, values: Float64Array, weights: Float64Array): Float64Array {
  const found = new Float64Array(ranks.length).fill(values.at(-1) ?? 0);
  let running = 0;
  let next = 0;
  for (let at = 0; at < values.length; at += 1) {
    running += weights[at] ?? 0;
    while (running >= (ranks[next] ?? Number.POSITIVE_INFINITY)) found[next++] = values[at] ?? 0;
  }
  return found;
}

function intervalsOf(sample: Sample, mean: number, deviation: number, options: SummarizeOptions) {
  const confidence = options.confidence ?? null;
  if (confidence === null || sample.weights !== null || sample.values.length < 2) {
    return { mean_ci: null, percentile_cis: null };
  }
  const raw = meanInterval(sample.values.length, mean, deviation, confidence);
  // A quantity that is never negative cannot have a negative mean: the symmetric interval is cut there.
  const clip = options.conventions !== "guidellm" && (sample.values[0] ?? -1) >= 0;
  const meanCi: Interval | null = raw === null || !clip ? raw : { lower: Math.max(0, raw.lower), upper: raw.upper };
  const quantiles = PERCENTILES.map(([, quantile]) => quantile);
  const found = quantileIntervals(sample.values, quantiles, confidence);
  const named = Object.fromEntries(PERCENTILES.map(([name], at) => [name, found[at] ?? null]));
  return { mean_ci: meanCi, percentile_cis: named as DistributionSummary["percentile_cis"] };
}

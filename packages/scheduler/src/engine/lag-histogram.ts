import { createHistogram } from "node:perf_hooks";

/** Distribution of a lag, in nanoseconds; null when nothing was measured. */
export interface LagSummary {
  readonly count: number;
  readonly meanNs: number;
  readonly stdDevNs: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly maxNs: number;
}

/** Collects lags; values below 1 ns count as 1 ns. Three significant digits. */
export class LagHistogram {
  readonly #histogram = createHistogram();

  /** Adds one; NaN is left out. */
  record(lagNs: number): void {
    if (!Number.isNaN(lagNs)) this.#histogram.record(Math.max(1, Math.round(lagNs)));
  }

  /** The distribution so far. */
  summary(): LagSummary | null {
    return summarizeLag(this.#histogram, 0);
  }
}

/** The parts of Node's histogram that are read here. */
interface HistogramReading {
  readonly count: number;
  readonly mean: number;
  readonly stddev: number;
  readonly max: number;
  percentile(percentile: number): number;
}

/**
 * Reads a histogram.
 *
 * @param baseNs - Subtracted from every figure, which then is at least 0.
 */
export function summarizeLag(histogram: HistogramReading, baseNs: number): LagSummary | null {
  if (histogram.count === 0) return null;
  const above = (valueNs: number) => Math.max(0, valueNs - baseNs);
  return {
    count: histogram.count,
    meanNs: above(histogram.mean),
    stdDevNs: histogram.stddev,
    p50Ns: above(histogram.percentile(50)),
    p99Ns: above(histogram.percentile(99)),
    maxNs: above(histogram.max),
  };
}

import {
  type DistributionSummary,
  type MetricConventions,
  PERCENTILES,
  type StatusDistributionSummary,
} from "./distribution-summary.js";
import { bucketMidpointNs } from "./gap-bucket.js";
import { GapHistogram } from "./gap-histogram.js";
import type { RecordTable } from "./record-table.js";
import { GROUPS, type RequestColumns } from "./request-columns.js";
import { emptySummary } from "./summarize-sample.js";

const NS_PER_MS = 1e6;

/** True gaps between token events, by group; undefined for requests with fewer than two token events. */
export function summarizeGroupGaps(
  table: RecordTable,
  columns: RequestColumns,
  members: Uint32Array,
  conventions: MetricConventions,
): StatusDistributionSummary {
  const histograms = GROUPS.map(() => new GapHistogram());
  const undefinedCounts = GROUPS.map(() => 0);
  for (const at of members) {
    const group = columns.group[at] ?? 0;
    const row = columns.row[at] ?? 0;
    if (table.get(row, "gap_count") > 0) table.addGaps(row, histograms[group] as GapHistogram);
    else undefinedCounts[group] = (undefinedCounts[group] ?? 0) + 1;
  }
  const all = new GapHistogram();
  for (const histogram of histograms) all.merge(histogram);
  const summaries = histograms.map((part, group) => summarizeGaps(part, undefinedCounts[group] ?? 0, conventions));
  const [successful, errored, incomplete] = summaries as [
    DistributionSummary,
    DistributionSummary,
    DistributionSummary,
  ];
  const undefinedTotal = undefinedCounts.reduce((sum, count) => sum + count, 0);
  return { successful, errored, incomplete, total: summarizeGaps(all, undefinedTotal, conventions) };
}

/** Summary in milliseconds: mean, variance, minimum and maximum from exact sums, percentiles within 0.4 %. */
export function summarizeGaps(
  histogram: GapHistogram,
  undefinedCount: number,
  conventions: MetricConventions,
): DistributionSummary {
  const { count } = histogram;
  if (count === 0) return emptySummary(conventions, 0, undefinedCount);
  const meanNs = histogram.sumNs / count;
  const varianceNs2 = Math.max(0, histogram.sumSquaresNs2 / count - meanNs * meanNs);
  const found = histogram.percentilesNs(PERCENTILES.map(([, quantile]) => quantile));
  const percentiles = Object.fromEntries(
    PERCENTILES.map(([name], at) => [name, (found[at] ?? Number.NaN) / NS_PER_MS]),
  ) as Record<(typeof PERCENTILES)[number][0], number>;
  return {
    mean: meanNs / NS_PER_MS,
    median: percentiles.p50,
    mode: bucketMidpointNs(fullestBucket(histogram)) / NS_PER_MS,
    variance: varianceNs2 / (NS_PER_MS * NS_PER_MS),
    std_dev: Math.sqrt(varianceNs2) / NS_PER_MS,
    min: histogram.minNs / NS_PER_MS,
    max: histogram.maxNs / NS_PER_MS,
    count,
    total_sum: histogram.sumNs / NS_PER_MS,
    percentiles,
    pdf: null,
    mean_ci: null,
    percentile_cis: null,
    undefined_count: undefinedCount,
  };
}

function fullestBucket(histogram: GapHistogram): number {
  return histogram.counts.reduce((best, count, bucket) => (count > (histogram.counts[best] ?? 0) ? bucket : best), 0);
}

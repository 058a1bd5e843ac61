import type { SchedulerMetrics } from "../compile-scheduler-metrics.js";
import type { GenerativeMetrics } from "../generative-metrics.js";
import { METRIC_CATALOGUE } from "../metric-catalogue.js";
import type { WarningMetric } from "./warning-rule.js";

/** The numbers a rule may name. */
export interface WarningSubject {
  readonly schedulerMetrics: SchedulerMetrics;
  readonly metrics: GenerativeMetrics;
}

/** A number found under a path, with how many samples it stands for. */
export interface FoundNumber {
  readonly value: number;
  readonly count: number;
  readonly unit: string;
}

/** What stands under a path: a value, `undefined` when there is no such path, null when it leads through a null. */
export function valueAt(subject: WarningSubject, path: string): unknown {
  const segments = path.split(".");
  const first = segments[0] ?? "";
  let current: unknown = Object.hasOwn(subject.schedulerMetrics, first) ? subject.schedulerMetrics : subject.metrics;
  for (const segment of segments) {
    if (current === null) return null;
    if (typeof current !== "object" || !Object.hasOwn(current, segment)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[segment];
  }
  return current;
}

/**
 * The number a rule looks at, scaled.
 *
 * @returns `undefined` when the path leads to no number, null when there is no data.
 */
export function numberAt(subject: WarningSubject, metric: WarningMetric): FoundNumber | null | undefined {
  const found = valueAt(subject, metric.name);
  if (found === null) return null;
  if (typeof found === "boolean") return { value: (found ? 1 : 0) * metric.scale, count: 1, unit: "boolean" };
  const unit = unitOf(subject, metric);
  if (typeof found === "number") return { value: found * metric.scale, count: 1, unit };
  if (!isDistribution(found)) return undefined;
  const value = statisticOf(found, metric.statistic);
  if (found.count === 0 || value === null) return null;
  return { value: value * metric.scale, count: found.count, unit };
}

interface DistributionLike {
  readonly count: number;
  readonly mean: number | null;
  readonly max: number | null;
  readonly total_sum: number;
  readonly percentiles: { readonly p95: number | null };
}

function isDistribution(value: unknown): value is DistributionLike {
  return typeof value === "object" && value !== null && "count" in value && "percentiles" in value;
}

function statisticOf(distribution: DistributionLike, statistic: WarningMetric["statistic"]): number | null {
  if (statistic === "p95") return distribution.percentiles.p95;
  return statistic === "sum" ? distribution.total_sum : distribution[statistic];
}

/** Scheduler metrics are seconds; milliseconds times 0.001 are, too. */
function unitOf(subject: WarningSubject, { name, scale }: WarningMetric): string {
  const first = name.split(".")[0] ?? "";
  if (Object.hasOwn(subject.schedulerMetrics, first)) return "seconds";
  const unit = METRIC_CATALOGUE[first as keyof GenerativeMetrics]?.unit ?? "";
  if (unit === "ms" && scale === 0.001) return "seconds";
  return scale === 1 ? unit : "";
}

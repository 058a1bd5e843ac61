import type { Severity } from "./severity.js";

/** A number of the report that a rule looks at. */
export interface WarningMetric {
  /** Dotted path into the scheduler metrics, else into the metrics. */
  readonly name: string;
  /** Which statistic of a distribution. */
  readonly statistic: WarningStatistic;
  /** Factor, for comparing numbers of different units. */
  readonly scale: number;
}

/** Statistics a rule may look at. */
export const WARNING_STATISTICS = ["mean", "max", "p95", "sum"] as const;

/** One of {@link WARNING_STATISTICS}. */
export type WarningStatistic = (typeof WARNING_STATISTICS)[number];

/** On which side of its threshold a rule fires. */
export const WARNING_DIRECTIONS = ["above", "below"] as const;

/** One of {@link WARNING_DIRECTIONS}. */
export type WarningDirection = (typeof WARNING_DIRECTIONS)[number];

/** A rule that a finished benchmark is held against, with GuideLLM's fields. */
export interface WarningRule {
  readonly enabled: boolean;
  readonly code: string;
  readonly metric: WarningMetric;
  /** The metric is divided by this one; null compares it as it is. */
  readonly relative_to: WarningMetric | null;
  /** The rule fires above this value, at least 0; below it where `direction` says so. */
  readonly threshold: number;
  readonly direction: WarningDirection;
  /** What it means for the verdict on the benchmark when it fires. */
  readonly severity: Severity;
  /** Advice that follows the message. */
  readonly note: string;
  /** The rule applies only where this value equals that one. */
  readonly when: { readonly name: string; readonly equals: string | number | boolean } | null;
}

const metric = (name: string, statistic: WarningStatistic = "mean", scale = 1): WarningMetric => ({
  name,
  statistic,
  scale,
});

/** Rules that hold when none are given: those of GuideLLM 0.8.1. */
export const BUILT_IN_WARNINGS: readonly WarningRule[] = Object.freeze([
  {
    enabled: true,
    code: "generation_delay_ttft",
    metric: metric("generation_delay"),
    relative_to: metric("time_to_first_token_ms.total", "mean", 0.001),
    threshold: 0.01,
    direction: "above",
    severity: "info",
    note: "Producing the data probably limited this run.",
    when: null,
  },
  {
    enabled: true,
    code: "root_late",
    metric: metric("root_dispatch_delay", "p95"),
    relative_to: null,
    threshold: 0.2,
    direction: "above",
    severity: "info",
    note: "Conversations began late.",
    when: null,
  },
  {
    enabled: true,
    code: "dataset_incomplete",
    metric: metric("dataset_incomplete"),
    relative_to: null,
    threshold: 0,
    direction: "above",
    severity: "info",
    note: "The trace was not read to its end, so its arrivals may have been late.",
    when: { name: "strategy_type", equals: "trace" },
  },
]);

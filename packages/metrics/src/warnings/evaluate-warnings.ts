import { type FoundNumber, numberAt, valueAt, type WarningSubject } from "./metric-lookup.js";
import { percentWords, valueWords } from "./number-words.js";
import type { Severity } from "./severity.js";
import type { WarningMetric, WarningRule } from "./warning-rule.js";

/** A rule that fired, or that names a metric which does not exist. */
export interface MetricWarning {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** The value, or the quotient of a relative rule. */
  readonly observed: number;
  readonly threshold: number;
  /** Unit of `observed`: that of the metric, `ratio` or `boolean`. */
  readonly unit: string;
  readonly sample_count: number;
  readonly note: string;
}

/** Holds a benchmark against rules, in their order (evaluation of GuideLLM 0.8.1, units from the metric). */
export function evaluateWarnings(rules: readonly WarningRule[], subject: WarningSubject): readonly MetricWarning[] {
  return rules.filter((rule) => rule.enabled).flatMap((rule) => evaluateRule(rule, subject));
}

function evaluateRule(rule: WarningRule, subject: WarningSubject): readonly MetricWarning[] {
  if (rule.when !== null) {
    const value = valueAt(subject, rule.when.name);
    if (value === undefined) return [unknownMetric(rule, rule.when.name)];
    if (!equals(value, rule.when.equals)) return [];
  }
  const found = numberAt(subject, rule.metric);
  if (found === undefined) return [unknownMetric(rule, rule.metric.name)];
  if (found === null) return [];
  return rule.relative_to === null ? absolute(rule, found) : relative(rule, rule.relative_to, found, subject);
}

function absolute(rule: WarningRule, { value, count, unit }: FoundNumber): readonly MetricWarning[] {
  if (!passes(rule, value)) return [];
  const label = labelOf(rule.metric);
  const message =
    unit === "boolean"
      ? `${words(rule.metric.name)} is ${value === 0 ? "false" : "true"}.`
      : `${label} is ${valueWords(value, unit)} over ${count} samples, ${rule.direction} ${valueWords(rule.threshold, unit)}.`;
  return [fired(rule, message, value, unit, count)];
}

function relative(
  rule: WarningRule,
  relativeTo: WarningMetric,
  { value, count, unit }: FoundNumber,
  subject: WarningSubject,
): readonly MetricWarning[] {
  const baseline = numberAt(subject, relativeTo);
  if (baseline === undefined) return [unknownMetric(rule, relativeTo.name)];
  if (baseline === null || baseline.value <= 0) return [];
  const quotient = value / baseline.value;
  if (!passes(rule, quotient)) return [];
  const values = `${valueWords(value, unit)} against ${valueWords(baseline.value, baseline.unit)}`;
  const limit = percentWords(rule.threshold);
  const message = `${labelOf(rule.metric)} is ${percentWords(quotient)} of ${labelOf(relativeTo)} (${values}), ${rule.direction} ${limit}.`;
  return [fired(rule, message, quotient, "ratio", count)];
}

function passes({ direction, threshold }: WarningRule, value: number): boolean {
  return direction === "above" ? value > threshold : value < threshold;
}

function fired(rule: WarningRule, message: string, observed: number, unit: string, count: number): MetricWarning {
  const { code, severity, threshold, note } = rule;
  return { code, severity, message, observed, threshold, unit, sample_count: count, note };
}

function unknownMetric(rule: WarningRule, name: string): MetricWarning {
  const message = `The warning rule ${rule.code} names ${name}, which is not a number of the report.`;
  return {
    code: "unknown_metric",
    severity: "info",
    message,
    observed: 0,
    threshold: rule.threshold,
    unit: "",
    sample_count: 0,
    note: "",
  };
}

/** Booleans equal only booleans; everything else by value. */
function equals(value: unknown, expected: string | number | boolean): boolean {
  return value === expected;
}

function labelOf(metric: WarningMetric): string {
  return `${metric.statistic} ${words(metric.name)}`;
}

function words(path: string): string {
  return path.replaceAll("_", " ").replaceAll(".", " ");
}

import { worstSeverity } from "@core/metrics";
import type { BenchmarkWarning, ValidityRecord } from "../report/benchmark-report.js";
import type { ClientSignals } from "./client-signals.js";
import { type Observed, VALIDITY_RULES, type ValidityRule } from "./validity-rules.js";

/**
 * What a first token may lose on its way through the kernels of both ends, which no look at the threads can see. Measured over
 * loopback: 0.1 to 0.2 ms, and up to 0.35 where both cores have gone to sleep in between.
 */
const UNSEEN_MS = 0.4;

/** Holds the signals of a client against the table of limits; findings in the order of the table. */
export function findClientWarnings(signals: ClientSignals): readonly BenchmarkWarning[] {
  const notes = signals.windowNotes.map((message) => windowNote(message));
  return [...notes, ...VALIDITY_RULES.flatMap((rule) => hold(rule, signals))];
}

/** What all warnings of a benchmark, whoever found them, amount to. */
export function toValidityRecord(signals: ClientSignals, warnings: readonly BenchmarkWarning[]): ValidityRecord {
  const reasons = warnings.filter(({ severity }) => severity !== "info");
  const worst = worstSeverity(reasons.map(({ severity }) => severity));
  const { readLag, latencyMs, streams, connections } = signals;
  const boundMs = readLag === null ? null : readLag.boundMs + UNSEEN_MS;
  return {
    verdict: worst === "info" ? "valid" : worst,
    reasons: reasons.map(({ code, severity, message }) => ({ code, severity, message })),
    ttft_error_bound_ms: boundMs,
    ttft_error_bound_ratio: boundMs === null || latencyMs === null ? null : boundMs / latencyMs.mean,
    streams: streams.count,
    streams_read_at_once: streams.readAtOnce,
    tokens_per_read: streams.tokensPerRead,
    connections,
    delayed_requests: {
      by_cap: signals.delayedByCap,
      by_data: signals.delayedByData,
      by_history: signals.delayedByHistory,
    },
  };
}

function hold(rule: ValidityRule, signals: ClientSignals): readonly BenchmarkWarning[] {
  const observed = rule.observe(signals);
  if (observed === null) return [];
  const passed = limitPassed(rule, observed);
  if (passed === null) return [];
  const { message, note, sampleCount, value } = observed;
  const inSeconds = rule.unit === "ms";
  return [
    {
      code: rule.code,
      severity: passed.severity,
      message,
      observed: inSeconds ? value / 1e3 : value,
      threshold: inSeconds ? passed.limit / 1e3 : passed.limit,
      unit: inSeconds ? "seconds" : rule.unit,
      sample_count: sampleCount,
      note,
    },
  ];
}

function limitPassed(
  rule: ValidityRule,
  { value, atMost }: Observed,
): { readonly severity: BenchmarkWarning["severity"]; readonly limit: number } | null {
  const allowed = atMost === "info" ? 1 : atMost === "suspect" ? 2 : 3;
  const levels = (["info", "suspect", "invalid"] as const).slice(0, allowed);
  for (const severity of levels.toReversed()) {
    const limit = rule[severity] ?? (severity === "info" && atMost === "info" ? rule.suspect : null);
    if (limit !== null && (rule.direction === "above" ? value > limit : value < limit)) return { severity, limit };
  }
  return null;
}

function windowNote(message: string): BenchmarkWarning {
  return {
    code: "measurement_window",
    severity: "info",
    message,
    observed: null,
    threshold: null,
    unit: "",
    sample_count: 0,
    note: "",
  };
}

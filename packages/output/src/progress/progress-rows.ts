import type { BenchmarkReport, BenchmarkStep } from "@core/benchmark";
import type { RunSnapshot } from "@core/scheduler";

/** What is known of one step while a run lasts. */
export interface ProgressRow {
  readonly label: string;
  readonly state: "waiting" | "running" | "compiling" | "done";
  readonly elapsedSeconds: number;
  /** Share done, in [0, 1]; null when nobody knows. */
  readonly share: number | null;
  readonly successful: number;
  readonly errored: number;
  readonly cancelled: number;
  readonly inFlight: number;
  readonly requestsPerSecond: number | null;
  readonly outputTokensPerSecond: number | null;
  readonly timeToFirstTokenMs: number | null;
  readonly interTokenLatencyMs: number | null;
}

/** A step that has not started. */
export function waitingRow(label: string): ProgressRow {
  return {
    label,
    state: "waiting",
    elapsedSeconds: 0,
    share: null,
    successful: 0,
    errored: 0,
    cancelled: 0,
    inFlight: 0,
    requestsPerSecond: null,
    outputTokensPerSecond: null,
    timeToFirstTokenMs: null,
    interTokenLatencyMs: null,
  };
}

/** A step as its last snapshot shows it. */
export function runningRow(step: BenchmarkStep, snapshot: RunSnapshot): ProgressRow {
  const perSecond = (count: number): number | null =>
    snapshot.elapsedSeconds > 0 ? count / snapshot.elapsedSeconds : null;
  return {
    label: step.label,
    state: "running",
    elapsedSeconds: snapshot.elapsedSeconds,
    share: snapshot.remainingFraction === null ? null : 1 - snapshot.remainingFraction,
    successful: snapshot.successful,
    errored: snapshot.errored,
    cancelled: snapshot.cancelled,
    inFlight: snapshot.inFlight,
    requestsPerSecond: perSecond(snapshot.successful),
    outputTokensPerSecond: snapshot.outputTokens > 0 ? perSecond(snapshot.outputTokens) : null,
    timeToFirstTokenMs: snapshot.meanTimeToFirstTokenMs,
    interTokenLatencyMs: snapshot.meanInterTokenLatencyMs,
  };
}

/** A step that has been measured: the figures of its report. */
export function doneRow(step: BenchmarkStep, { metrics, duration }: BenchmarkReport): ProgressRow {
  return {
    label: step.label,
    state: "done",
    elapsedSeconds: duration,
    share: 1,
    successful: metrics.request_totals.successful,
    errored: metrics.request_totals.errored,
    cancelled: metrics.request_totals.incomplete,
    inFlight: 0,
    requestsPerSecond: metrics.requests_per_second.successful.mean,
    outputTokensPerSecond: metrics.output_tokens_per_second.total.mean,
    timeToFirstTokenMs: metrics.time_to_first_token_ms.successful.mean,
    interTokenLatencyMs: metrics.inter_token_latency_ms.successful.mean,
  };
}

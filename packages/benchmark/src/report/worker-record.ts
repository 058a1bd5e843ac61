import type { LagSummary, WorkerReport } from "@core/scheduler";
import type { LagRecord, WorkerRecord } from "./benchmark-report.js";

/** Writes what a worker says of itself under the report's keys. */
export function toWorkerRecord(report: WorkerReport): WorkerRecord {
  return {
    worker: report.worker,
    send_lag_ms: toLagRecord(report.sendLag),
    late_sends: report.lateSends,
    delayed_by_cap: report.delayedByCap,
    delayed_by_data: report.delayedByData,
    due_not_sent: report.dueNotSent,
    abandoned: report.abandoned,
    event_loop_delay_ms: toLagRecord(report.load?.eventLoopDelay ?? null),
    event_loop_utilization: report.load?.eventLoopUtilization ?? null,
    cpu_seconds: report.load?.cpuSeconds ?? null,
    warm_failure: report.warmFailure,
  };
}

function toLagRecord(lag: LagSummary | null): LagRecord | null {
  if (lag === null) return null;
  return {
    count: lag.count,
    mean: lag.meanNs / 1e6,
    p50: lag.p50Ns / 1e6,
    p99: lag.p99Ns / 1e6,
    max: lag.maxNs / 1e6,
  };
}

import type { LagSummary, ThreadLoad, WorkerReport } from "@core/scheduler";
import type { CollectionRecord, LagRecord, RunQueueRecord, WorkerRecord } from "./benchmark-report.js";

/** Writes what a worker says of itself under the report's keys. */
export function toWorkerRecord(report: WorkerReport): WorkerRecord {
  const { load } = report;
  return {
    worker: report.worker,
    send_lag_ms: toLagRecord(report.sendLag),
    late_sends: report.lateSends,
    delayed_by_cap: report.delayedByCap,
    delayed_by_data: report.delayedByData,
    delayed_by_history: report.delayedByHistory,
    due_not_sent: report.dueNotSent,
    dropped: report.dropped,
    reanchored: report.reanchored,
    abandoned: report.abandoned,
    elapsed_seconds: load?.elapsedSeconds ?? null,
    event_loop_delay_ms: toLagRecord(load?.eventLoopDelay ?? null),
    event_loop_utilization: load?.eventLoopUtilization ?? null,
    read_lag_ms: toLagRecord(load?.readLag ?? null),
    cpu_seconds: load?.cpuSeconds ?? null,
    polling_seconds: load?.yieldedSeconds ?? null,
    garbage_collection_ms: load === null ? null : toCollectionRecord(load.collections),
    run_queue: load === null || load.runQueue === null ? null : toRunQueueRecord(load.runQueue, load.elapsedSeconds),
    warm_failure: report.warmFailure,
  };
}

function toCollectionRecord({ count, totalNs, maxNs }: ThreadLoad["collections"]): CollectionRecord {
  return { count, total: totalNs / 1e6, max: maxNs / 1e6 };
}

function toRunQueueRecord(
  { waitNs, turns, worstShare }: NonNullable<ThreadLoad["runQueue"]>,
  elapsedSeconds: number,
): RunQueueRecord {
  return {
    wait_share: waitNs / 1e9 / elapsedSeconds,
    worst_wait_share: worstShare,
    turns,
    mean_wait_ms: turns === 0 ? 0 : waitNs / turns / 1e6,
  };
}

function toLagRecord(lag: LagSummary | null): LagRecord | null {
  if (lag === null) return null;
  return {
    count: lag.count,
    mean: lag.meanNs / 1e6,
    std_dev: lag.stdDevNs / 1e6,
    p50: lag.p50Ns / 1e6,
    p99: lag.p99Ns / 1e6,
    max: lag.maxNs / 1e6,
  };
}

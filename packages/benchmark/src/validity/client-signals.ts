import type { GenerativeMetrics } from "@core/metrics";
import { peakRate, type RunResult } from "@core/scheduler";
import type { TokenAccounting } from "../accounting/account-tokens.js";
import type { CanaryRecord, WorkerRecord } from "../report/benchmark-report.js";
import { type ConnectionRecord, connectionsOf } from "./connections.js";
import { type ReadLag, readLagOf } from "./read-lag.js";
import { type StreamReads, streamReadsOf } from "./stream-reads.js";

/** What a benchmark knows of its own client; milliseconds are of this client, shares in [0, 1]. */
export interface ClientSignals {
  readonly readLag: ReadLag | null;
  /** The time that the lag is compared with: to the first token, of a whole request where there is no stream. */
  readonly latencyMs: { readonly mean: number; readonly median: number } | null;
  /** Share of the requests that were due and were sent; null without a rate. */
  readonly sentShare: number | null;
  readonly sendLagP99Ms: number | null;
  readonly sendLagSamples: number;
  readonly lateSends: number;
  /** Requests that a closed loop sends at its very start, all due at once: most of them leave late by nature. */
  readonly openingBurst: number;
  readonly delayedByCap: number;
  readonly delayedByData: number;
  readonly delayedByHistory: number;
  /** The worst thread's, without the time it polled for the next send. */
  readonly busyShare: number | null;
  readonly loopDelayP99Ms: number | null;
  readonly longestCollectionMs: number | null;
  /** Share of the time in which the worst thread was ready and had no core. */
  readonly waitShare: number | null;
  readonly streams: StreamReads;
  readonly connections: ConnectionRecord;
  readonly tokens: TokenAccounting;
  readonly created: number;
  readonly processed: number;
  readonly errored: number;
  readonly successful: number;
  readonly mostFrequentFailure: string | null;
  readonly windowNotes: readonly string[];
  /** Whether saturation was asked for where it cannot be seen. */
  readonly saturationUnseen: boolean;
  readonly brokenBy: string | null;
}

/** Gathers the signals of a benchmark. */
export function clientSignals(facts: {
  readonly result: RunResult;
  readonly metrics: GenerativeMetrics;
  readonly workers: readonly WorkerRecord[];
  readonly tokens: TokenAccounting;
  readonly canary: CanaryRecord | null;
  readonly windowNotes: readonly string[];
}): ClientSignals {
  const { result, metrics, workers } = facts;
  const { state, failures } = result;
  const sum = (of: (worker: WorkerRecord) => number): number =>
    workers.reduce((total, worker) => total + of(worker), 0);
  const worst = (of: (worker: WorkerRecord) => number | null | undefined): number | null => {
    const known = workers.map(of).filter((value) => value !== null && value !== undefined);
    return known.length === 0 ? null : Math.max(...known);
  };
  const [failure] = failures;
  return {
    readLag: readLagOf(workers, facts.canary, result.table),
    latencyMs: latencyOf(metrics),
    sentShare: sentShareOf(
      result,
      sum((worker) => worker.due_not_sent + worker.dropped),
    ),
    sendLagP99Ms: worst((worker) => worker.send_lag_ms?.p99),
    sendLagSamples: sum((worker) => worker.send_lag_ms?.count ?? 0),
    lateSends: sum((worker) => worker.late_sends),
    openingBurst: openingBurstOf(result.strategy),
    delayedByCap: sum((worker) => worker.delayed_by_cap),
    delayedByData: sum((worker) => worker.delayed_by_data),
    delayedByHistory: sum((worker) => worker.delayed_by_history),
    busyShare: worst(busyShareOf),
    loopDelayP99Ms: worst((worker) => worker.event_loop_delay_ms?.p99),
    longestCollectionMs: worst((worker) => worker.garbage_collection_ms?.max),
    waitShare: worst((worker) => worker.run_queue?.wait_share),
    streams: streamReadsOf(result.table),
    connections: connectionsOf(result.table),
    tokens: facts.tokens,
    created: state.createdRequests,
    processed: state.processedRequests,
    errored: state.erroredRequests,
    successful: metrics.request_totals.successful,
    mostFrequentFailure: failure === undefined ? null : `${failure.code} (${failure.count})`,
    windowNotes: facts.windowNotes,
    saturationUnseen: state.schedulerConstraints["over_saturation"]?.metadata["applies"] === false,
    brokenBy: result.failure?.message ?? null,
  };
}

function latencyOf({ time_to_first_token_ms, request_latency }: GenerativeMetrics): ClientSignals["latencyMs"] {
  const { mean, median } = time_to_first_token_ms.successful;
  if (mean !== null && median !== null) return { mean, median };
  const whole = request_latency.successful;
  return whole.mean === null || whole.median === null ? null : { mean: whole.mean * 1e3, median: whole.median * 1e3 };
}

function sentShareOf({ strategy, state }: RunResult, notSent: number): number | null {
  if (peakRate(strategy) === null) return null;
  const asked = state.createdRequests + notSent;
  return asked === 0 ? null : state.createdRequests / asked;
}

function openingBurstOf(strategy: RunResult["strategy"]): number {
  if (strategy.type_ === "concurrent") return strategy.streams;
  return strategy.type_ === "throughput" ? (strategy.max_concurrency ?? Number.POSITIVE_INFINITY) : 0;
}

function busyShareOf(worker: WorkerRecord): number | null {
  const { event_loop_utilization: share, elapsed_seconds: elapsed, polling_seconds: polling } = worker;
  return share === null || elapsed === null || elapsed === 0 ? null : Math.max(0, share - (polling ?? 0) / elapsed);
}

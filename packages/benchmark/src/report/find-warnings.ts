import type { DerivedWindow, SchedulerMetrics } from "@core/metrics";
import { peakRate, type RunResult, type StrategyArgs } from "@core/scheduler";
import type { BenchmarkWarning, WorkerRecord } from "./benchmark-report.js";

/** Below this share of the asked rate a load was not the one that was asked for. */
const LEAST_RATE_SHARE = 0.99;
/** Sends later than this, in milliseconds, are felt in latencies counted from the intended start. */
const MOST_SEND_LAG_MS = 10;

/** What warnings are drawn from. */
export interface WarningFacts {
  readonly result: RunResult;
  readonly window: DerivedWindow;
  readonly schedulerMetrics: SchedulerMetrics;
  readonly workers: readonly WorkerRecord[];
}

/** Everything about a benchmark that a reader of its numbers should know. */
export function findWarnings(facts: WarningFacts): readonly BenchmarkWarning[] {
  return [...windowNotes(facts), ...failures(facts), ...rateMissed(facts), ...lateSends(facts), ...dataDelays(facts)];
}

function windowNotes({ window }: WarningFacts): BenchmarkWarning[] {
  return window.notes.map((message) => warning("measurement_window", message, {}));
}

function failures({ result }: WarningFacts): BenchmarkWarning[] {
  const { erroredRequests, processedRequests } = result.state;
  if (erroredRequests === 0) return [];
  const first = result.failures[0];
  const most = first === undefined ? "" : `; most often ${first.code} (${first.count})`;
  return [
    warning("requests_errored", `${erroredRequests} of ${processedRequests} requests failed${most}.`, {
      observed: erroredRequests / processedRequests,
      threshold: 0,
      unit: "ratio",
      sample_count: processedRequests,
      note: "Latencies describe the successful requests only.",
    }),
  ];
}

function rateMissed({ result, schedulerMetrics, workers }: WarningFacts): BenchmarkWarning[] {
  const { strategy, state } = result;
  if (peakRate(strategy) === null) return [];
  const notSent = workers.reduce((sum, worker) => sum + worker.due_not_sent, 0);
  const asked = state.createdRequests + notSent;
  const share = asked === 0 ? 1 : state.createdRequests / asked;
  if (share >= LEAST_RATE_SHARE) return [];
  return [
    warning("rate_not_reached", `Only ${percent(share)} of the requests that were due could be sent.`, {
      observed: share,
      threshold: LEAST_RATE_SHARE,
      unit: "ratio",
      sample_count: schedulerMetrics.requests_made.total,
      note: causeOfMissedRate(workers),
    }),
  ];
}

function causeOfMissedRate(workers: readonly WorkerRecord[]): string {
  const byCap = workers.reduce((sum, worker) => sum + worker.delayed_by_cap, 0);
  const byData = workers.reduce((sum, worker) => sum + worker.delayed_by_data, 0);
  if (byData > byCap) return "The data could not be made fast enough.";
  return byCap > 0
    ? "The cap on requests in flight held them back: the server does not keep up with this rate."
    : "This client was too busy to send them.";
}

function lateSends({ workers, result }: WarningFacts): BenchmarkWarning[] {
  const late = workers.reduce((sum, worker) => sum + worker.late_sends, 0);
  if (late <= openingBurst(result.strategy)) return [];
  const worst = Math.max(...workers.map((worker) => worker.send_lag_ms?.p99 ?? 0), 0);
  if (worst <= MOST_SEND_LAG_MS) return [];
  return [
    warning("sent_late", `One request in a hundred was sent ${worst.toFixed(1)} ms or more after it was due.`, {
      observed: worst / 1e3,
      threshold: MOST_SEND_LAG_MS / 1e3,
      unit: "seconds",
      sample_count: workers.reduce((sum, worker) => sum + (worker.send_lag_ms?.count ?? 0), 0),
      note: "This client was too busy, or the cap on requests in flight held requests back.",
    }),
  ];
}

/** Requests that a closed loop sends at its very start, all due at once: most of them leave late by nature. */
function openingBurst(strategy: StrategyArgs): number {
  if (strategy.type_ === "concurrent") return strategy.streams;
  return strategy.type_ === "throughput" ? (strategy.max_concurrency ?? Number.POSITIVE_INFINITY) : 0;
}

function dataDelays({ workers, result }: WarningFacts): BenchmarkWarning[] {
  const delayed = workers.reduce((sum, worker) => sum + worker.delayed_by_data, 0);
  if (delayed === 0) return [];
  return [
    warning("waited_for_data", `${requestsWaited(delayed)} to be made.`, {
      observed: delayed / Math.max(1, result.state.createdRequests),
      threshold: 0,
      unit: "ratio",
      sample_count: result.state.createdRequests,
      note: "Producing the data limited the load.",
    }),
  ];
}

function requestsWaited(count: number): string {
  return count === 1 ? "1 request waited for its prompt" : `${count} requests waited for their prompts`;
}

function warning(
  code: string,
  message: string,
  details: Partial<Omit<BenchmarkWarning, "code" | "message">>,
): BenchmarkWarning {
  return { code, message, observed: null, threshold: null, unit: "", sample_count: 0, note: "", ...details };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

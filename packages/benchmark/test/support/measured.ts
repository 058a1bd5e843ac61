import { RequestTimings, UNKNOWN_USAGE } from "@core/backend";
import { metricsKinds, RECORD_STATUS, type RecordStatus, RecordTable, RecordWriter } from "@core/metrics";
import { constraints, type RunResult, type SchedulerState, type WorkerReport } from "@core/scheduler";
import { profiles } from "../../src/profile/profiles.js";
import "../../src/profile/register.js";
import { compileBenchmark } from "../../src/report/compile-benchmark.js";
import { readEnvironment } from "../../src/report/environment.js";
import type { ResolvedSpec } from "../../src/spec/resolved-spec.js";

/** A request as a test states it; times in seconds from the start of the run. */
export interface GivenRequest {
  readonly status?: RecordStatus;
  readonly intended: number;
  /** When its conversation was there; 1 ms before it was intended when left out. */
  readonly queued?: number;
  readonly firstToken?: number;
  readonly end: number;
  readonly outputTokens?: number;
  /** Events with tokens; one for each token when left out. */
  readonly events?: number;
  /** Length that was asked for. */
  readonly asked?: number;
  /** Words of the text. */
  readonly words?: number;
  /** The count is the asked length, since the server told none. */
  readonly estimated?: boolean;
  readonly errorCode?: string;
}

const NO_PROGRESS = {
  remainingRequests: null,
  totalRequests: null,
  remainingDurationSeconds: null,
  totalDurationSeconds: null,
  stopNs: null,
};

/** Wall time at instant 0 of the clock of every run here. */
export const EPOCH_SECONDS = 1_700_000_000;

/** A spec with defaults, without parts that only a run needs. */
export function specOf(given: { readonly profile?: object; readonly metrics?: object } = {}): ResolvedSpec {
  return {
    backend: { kind: "echo" },
    profile: profiles.parseArgs({ kind: "synchronous", ...given.profile }),
    constraints: [constraints.parseArgs({ kind: "max_requests", count: 10 })],
    tokenizer: { kind: "builtin" },
    data: [{ kind: "synthetic_text" }],
    data_column_mapper: { kind: "generative_column_mapper" },
    data_preprocessors: [],
    data_finalizer: { kind: "generative" },
    data_loader: { kind: "pytorch" },
    seed: { kind: "static", value: 42 },
    metrics: metricsKinds.parseArgs({ kind: "generative", ...given.metrics }),
    objectives: [],
    outputs: [{ kind: "json" }],
    workers: null,
    grace_seconds: 10,
    fail_on_invalid: true,
    canary: false,
  } as unknown as ResolvedSpec;
}

/** What a run of one worker from instant 0 leaves, made of what its requests went through. */
export function resultOf(requests: readonly GivenRequest[], more: Partial<RunResult> = {}): RunResult {
  const endNs = Math.max(0, ...requests.map(({ end }) => end)) * 1e9;
  return {
    strategy: { type_: "synchronous" },
    workers: 1,
    table: tableOf(requests),
    samples: [],
    state: stateOf(requests, endNs),
    startNs: 0,
    stopReasons: [{ kind: "max_requests", stoppingScope: "current" }],
    stopAll: false,
    failures: [],
    diagnostics: [workerReport()],
    dataset: { exhausted: false, generated: requests.length, skippedRows: 0, generationDelaysSeconds: [] },
    failure: null,
    ...more,
  };
}

/** What a worker says that had nothing to complain of. */
export function workerReport(more: Partial<WorkerReport> = {}): WorkerReport {
  return {
    worker: 0,
    load: null,
    canary: [],
    engineCounters: null,
    lateSends: 0,
    abandoned: 0,
    sendLag: { count: 10, meanNs: 1e5, stdDevNs: 1e4, p50Ns: 1e5, p99Ns: 2e5, maxNs: 2e5 },
    failures: [],
    warmFailure: null,
    delayedByCap: 0,
    delayedByData: 0,
    delayedByHistory: 0,
    dueNotSent: 0,
    dropped: 0,
    reanchored: 0,
    endedBy: "limit",
    sendingEndedNs: 0,
    ...more,
  };
}

/** The report of a benchmark in which all this happened. */
export function reportOf(result: RunResult, spec: ResolvedSpec = specOf()) {
  return compileBenchmark({
    result,
    spec,
    runId: "run-1",
    runIndex: 0,
    epochWallSeconds: EPOCH_SECONDS,
    backendInfo: { kind: "echo" },
    environment: readEnvironment("9.9.9"),
  });
}

/** Completed requests one after the other, each 0.1 s long with its first token after `ttft` seconds. */
export function sequence(count: number, ttft = 0.02): readonly GivenRequest[] {
  return Array.from({ length: count }, (_, at) => {
    const intended = 0.1 * at;
    return { intended, firstToken: intended + ttft, end: intended + 0.1, outputTokens: 5 };
  });
}

function stateOf(requests: readonly GivenRequest[], endNs: number): SchedulerState {
  const count = (status: RecordStatus) =>
    requests.filter((request) => (request.status ?? RECORD_STATUS.completed) === status).length;
  return {
    nodeId: 0,
    numProcesses: 1,
    startNs: 0,
    endNs,
    startRequestsNs: requests.length === 0 ? null : 0,
    endRequestsNs: requests.length === 0 ? null : endNs,
    endQueuingNs: endNs,
    endQueuingConstraints: {},
    endProcessingNs: endNs,
    endProcessingConstraints: {},
    schedulerConstraints: {
      max_requests: {
        requestQueuing: "stop",
        requestProcessing: "stop_local",
        stoppingScope: "current",
        metadata: { count: 10 },
        progress: NO_PROGRESS,
      },
    },
    progress: NO_PROGRESS,
    createdRequests: requests.length,
    queuedRequests: 0,
    pendingRequests: 0,
    processingRequests: 0,
    processedRequests: requests.length,
    successfulRequests: count(RECORD_STATUS.completed),
    erroredRequests: count(RECORD_STATUS.errored),
    cancelledRequests: count(RECORD_STATUS.cancelledStarted),
  };
}

function tableOf(requests: readonly GivenRequest[]): RecordTable {
  const writer = new RecordWriter();
  for (const [index, given] of requests.entries()) {
    writer.append({
      index,
      conversationIndex: index,
      worker: 0,
      status: given.status ?? RECORD_STATUS.completed,
      turnIndex: 0,
      precedingNodes: 0,
      queuedNs: (given.queued ?? given.intended - 0.001) * 1e9,
      predecessorCompletedNs: Number.NaN,
      timings: timingsOf(given),
      usage: {
        input: { ...UNKNOWN_USAGE, text_tokens: 10 },
        output: { ...UNKNOWN_USAGE, text_tokens: given.outputTokens ?? null, text_words: given.words ?? null },
        outputEstimated: given.estimated ?? false,
      },
      expectedOutputTokens: given.asked ?? null,
      truncated: false,
      errorCode: given.errorCode ?? null,
    });
  }
  const table = new RecordTable();
  const batch = writer.take();
  if (batch !== null) table.append(batch);
  return table;
}

function timingsOf(given: GivenRequest): RequestTimings {
  const timings = new RequestTimings();
  const sent = Math.max(given.intended, given.queued ?? 0) * 1e9;
  timings.intendedStartNs = given.intended * 1e9;
  timings.dequeuedNs = sent;
  timings.resolveStartNs = sent;
  timings.sendNs = sent;
  timings.endNs = given.status === RECORD_STATUS.errored ? Number.NaN : given.end * 1e9;
  timings.resolveEndNs = given.end * 1e9;
  const events = given.events ?? given.outputTokens ?? 0;
  for (let token = 0; given.firstToken !== undefined && token < events; token += 1) {
    const first = given.firstToken * 1e9;
    const at = first + (token * (given.end * 1e9 - first)) / Math.max(1, events - 1);
    timings.iteration(at);
    timings.token(at, true);
  }
  return timings;
}

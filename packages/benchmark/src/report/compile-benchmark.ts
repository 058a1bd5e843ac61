import {
  buildRequestColumns,
  chooseStoredTexts,
  compileSchedulerMetrics,
  evaluateWarnings,
  metricsKinds,
  toRequestRecords,
} from "@core/metrics";
import { constraintNames, type RunResult, strategyLabel } from "@core/scheduler";
import type { Tokenizer } from "@core/tokenizer";
import { accountTokens } from "../accounting/account-tokens.js";
import { countSampleTokens } from "../accounting/count-sample-tokens.js";
import { fillMissingCounts } from "../accounting/fill-missing-counts.js";
import type { ResolvedSpec } from "../spec/resolved-spec.js";
import { type CanaryTruth, canaryRecord } from "../validity/canary.js";
import { clientSignals } from "../validity/client-signals.js";
import { findClientWarnings, toValidityRecord } from "../validity/judge-client.js";
import type { BenchmarkConfig, BenchmarkReport, FailureRecord } from "./benchmark-report.js";
import { toDatasetRecord } from "./dataset-record.js";
import { toDrainRecord } from "./drain-record.js";
import type { EnvironmentRecord } from "./environment.js";
import { measurementWindow } from "./measurement-window.js";
import { toSchedulerStateRecord } from "./scheduler-state-record.js";
import { uniqueId } from "./unique-id.js";
import { toWorkerRecord } from "./worker-record.js";

/** What {@link compileBenchmark} needs. */
export interface CompileBenchmarkInput {
  readonly result: RunResult;
  readonly spec: ResolvedSpec;
  readonly runId: string;
  readonly runIndex: number;
  /** Seconds since 1970 at instant 0 of the run's clock. */
  readonly epochWallSeconds: number;
  readonly backendInfo: unknown;
  readonly environment: EnvironmentRecord;
  /** Counts the kept texts, to compare with what the server says; left out: they are not counted. */
  readonly tokenizer?: Tokenizer;
  /** What a server of known timing wrote; empty when there was none. */
  readonly canaryTruth?: readonly CanaryTruth[];
  /** Instant 0 of the run's clock in nanoseconds of `process.hrtime`. */
  readonly epochNs?: number;
}

/** Turns the records of one strategy into its part of the report. */
export function compileBenchmark(input: CompileBenchmarkInput): BenchmarkReport {
  const { result, spec, epochWallSeconds } = input;
  const { table, state, strategy } = result;
  const clientTokens = countSampleTokens(result.samples, input.tokenizer ?? null);
  fillMissingCounts(table, clientTokens, spec.tokenizer.kind);
  const window = measurementWindow(result, spec);
  const columns = buildRequestColumns(table);
  const metrics = metricsKinds
    .create(spec.metrics, undefined)
    .compile({ table, columns, window, strategyType: strategy.type_, objectives: spec.objectives });
  const schedulerMetrics = compileSchedulerMetrics({
    table,
    window,
    schedulerStartNs: state.startNs,
    schedulerEndNs: state.endNs,
    strategyType: strategy.type_,
    datasetExhausted: result.dataset.exhausted,
    epochWallSeconds,
  });
  const workers = result.diagnostics.map(toWorkerRecord);
  const engines = result.diagnostics.map((report) => report.engineCounters);
  const tokens = accountTokens(table, clientTokens, spec.tokenizer.kind, engines);
  const readings = result.diagnostics.flatMap((report) => report.canary);
  const canary = canaryRecord(readings, input.canaryTruth ?? [], input.epochNs ?? 0);
  const signals = clientSignals({ result, metrics, workers, tokens, canary, windowNotes: window.notes });
  const warnings = [
    ...findClientWarnings(signals),
    ...evaluateWarnings(spec.metrics.warnings, { schedulerMetrics, metrics }),
  ];
  return {
    type_: "generative_benchmark",
    config: benchmarkConfig(input),
    scheduler_state: toSchedulerStateRecord(state, epochWallSeconds),
    scheduler_metrics: schedulerMetrics,
    metrics,
    requests: toRequestRecords({
      table,
      columns,
      texts: chooseStoredTexts(result.samples, spec.metrics.sample_size, spec.seed.value),
      epochWallSeconds,
      schedulerStartNs: state.startNs,
      clientTokens,
    }),
    warnings,
    validity: toValidityRecord(signals, warnings),
    token_accounting: tokens,
    start_time: epochWallSeconds + window.startNs / 1e9,
    end_time: epochWallSeconds + window.endNs / 1e9,
    duration: (window.endNs - window.startNs) / 1e9,
    warmup_duration: Math.max(0, window.startNs - window.requestStartNs) / 1e9,
    cooldown_duration: Math.max(0, window.requestEndNs - window.endNs) / 1e9,
    label: strategyLabel(strategy),
    stop_reasons: result.stopReasons.map((reason) => ({ kind: reason.kind, stopping_scope: reason.stoppingScope })),
    drain: toDrainRecord(table, state.endProcessingNs),
    failures: result.failures.map(
      ({ code, count, first }): FailureRecord => ({
        code,
        count,
        message: first.message,
        phase: first.phase,
        status: first.status ?? null,
      }),
    ),
    dataset: toDatasetRecord(result.dataset),
    client: { workers, canary },
  };
}

function benchmarkConfig(input: CompileBenchmarkInput): BenchmarkConfig {
  const { result, spec, runId, runIndex, backendInfo, environment } = input;
  const { metrics, profile, constraints } = spec;
  const names = constraintNames(constraints);
  return {
    id_: uniqueId(),
    run_id: runId,
    run_index: runIndex,
    strategy: { ...result.strategy, worker_count: result.workers },
    constraints: Object.fromEntries(constraints.map((constraint, at) => [names[at], constraint])),
    sample_size: metrics.sample_size,
    warmup: profile.warmup,
    cooldown: profile.cooldown,
    prefer_response_metrics: metrics.prefer_response_metrics,
    slo: metrics.slo,
    confidence: metrics.confidence,
    warnings: metrics.warnings,
    profile,
    requests: { data: spec.data, data_loader: spec.data_loader, tokenizer: spec.tokenizer },
    backend: backendInfo,
    environment,
  };
}

import type { RecordTable } from "@core/metrics";
import type { CoreError } from "@core/registry";
import type { ConstraintAction, ConstraintProgress, StoppingScope } from "../constraint/constraint.js";
import type { FailureCount } from "../engine/failure-counts.js";
import type { RequestSample } from "../engine/request-sample.js";
import type { StrategyArgs } from "../strategy/strategy-args.js";
import type { WorkerReport } from "./worker-link.js";

/** Why a run ended. */
export interface StopReason {
  /** Name of the constraint: its kind, `max_errors#2` for the second one; `requests_exhausted` (end of data), `interrupt` (asked from outside) or `failure`. */
  readonly kind: string;
  readonly stoppingScope: StoppingScope;
}

/** Totals and times of a run, the fields of GuideLLM's scheduler state. All instants are of the run's clock. */
export interface SchedulerState {
  readonly nodeId: number;
  readonly numProcesses: number;
  readonly startNs: number;
  readonly endNs: number;
  /** First byte sent; null when nothing was sent. */
  readonly startRequestsNs: number | null;
  /** Last end of a request; null when there was none. */
  readonly endRequestsNs: number | null;
  /** When the last worker stopped sending. */
  readonly endQueuingNs: number;
  readonly endQueuingConstraints: Readonly<Record<string, ConstraintAction>>;
  /** When the run was stopped, or the last request ended. */
  readonly endProcessingNs: number;
  readonly endProcessingConstraints: Readonly<Record<string, ConstraintAction>>;
  /** Final action of every constraint. */
  readonly schedulerConstraints: Readonly<Record<string, ConstraintAction>>;
  readonly progress: ConstraintProgress;
  readonly createdRequests: number;
  readonly queuedRequests: number;
  readonly pendingRequests: number;
  readonly processingRequests: number;
  readonly processedRequests: number;
  readonly successfulRequests: number;
  readonly erroredRequests: number;
  readonly cancelledRequests: number;
}

/** What the data did during a run. */
export interface DatasetReport {
  /** Whether the data ended before anything else ended the run. */
  readonly exhausted: boolean;
  readonly generated: number;
  readonly skippedRows: number;
  readonly generationDelaysSeconds: readonly number[];
}

/** What came out of one strategy. */
export interface RunResult {
  /** The strategy with its concurrency as it was resolved. */
  readonly strategy: StrategyArgs;
  /** Request workers that took part. */
  readonly workers: number;
  /** One row per issued request. */
  readonly table: RecordTable;
  readonly samples: readonly RequestSample[];
  readonly state: SchedulerState;
  readonly startNs: number;
  readonly stopReasons: readonly StopReason[];
  /** Whether a constraint asks to end the rest of the profile too. */
  readonly stopAll: boolean;
  /** Failures by class, most frequent first. */
  readonly failures: readonly FailureCount[];
  /** Reports of the workers that reached the end. */
  readonly diagnostics: readonly WorkerReport[];
  readonly dataset: DatasetReport;
  /** Why the run could not go on; everything else is then what had been reached. */
  readonly failure: CoreError | null;
}

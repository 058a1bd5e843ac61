import type { GenerativeMetrics, RequestRecords, SchedulerMetrics } from "@core/metrics";
import type { FailureCount, LagSummary, StrategyArgs } from "@core/scheduler";
import type { KindArgs } from "../spec/resolved-spec.js";
import type { DatasetRecord } from "./dataset-record.js";
import type { EnvironmentRecord } from "./environment.js";
import type { SchedulerStateRecord } from "./scheduler-state-record.js";

/** What one benchmark was configured to do. */
export interface BenchmarkConfig {
  readonly id_: string;
  readonly run_id: string;
  readonly run_index: number;
  readonly strategy: StrategyArgs & { readonly worker_count: number };
  readonly constraints: Readonly<Record<string, KindArgs>>;
  readonly sample_size: number | null;
  readonly warmup: unknown;
  readonly cooldown: unknown;
  readonly prefer_response_metrics: boolean;
  readonly slo: unknown;
  readonly confidence: number | null;
  readonly warnings: readonly unknown[];
  readonly profile: KindArgs;
  /** The data as configured. */
  readonly requests: Readonly<Record<string, unknown>>;
  /** The backend's own description of itself. */
  readonly backend: unknown;
  readonly environment: EnvironmentRecord;
}

/** What one request worker went through while it measured: by how much its numbers may be off. */
export interface WorkerRecord {
  readonly worker: number;
  /** Send minus intended start, of requests that were due at an instant. */
  readonly send_lag_ms: LagRecord | null;
  /** Requests sent noticeably after they were due. */
  readonly late_sends: number;
  /** Sends that waited for the cap on requests in flight. */
  readonly delayed_by_cap: number;
  /** Sends that waited for data. */
  readonly delayed_by_data: number;
  /** Requests that were due when sending ended and were not sent. */
  readonly due_not_sent: number;
  /** Requests whose backend ignored the cut. */
  readonly abandoned: number;
  readonly event_loop_delay_ms: LagRecord | null;
  /** Share of the time in which the event loop was not asleep, in [0, 1]. */
  readonly event_loop_utilization: number | null;
  readonly cpu_seconds: number | null;
  /** Why connections could not be opened ahead; null when they were. */
  readonly warm_failure: string | null;
}

/** A lag in milliseconds. */
export type LagRecord = Readonly<Record<"mean" | "p50" | "p99" | "max", number>> & Pick<LagSummary, "count">;

/** One strategy, measured. Keys are GuideLLM's in its order, then ours. All instants are epoch seconds. */
export interface BenchmarkReport {
  readonly type_: "generative_benchmark";
  readonly config: BenchmarkConfig;
  readonly scheduler_state: SchedulerStateRecord;
  readonly scheduler_metrics: SchedulerMetrics;
  readonly metrics: GenerativeMetrics;
  readonly requests: RequestRecords;
  readonly warnings: readonly BenchmarkWarning[];
  /** Start of the measurement window. */
  readonly start_time: number;
  /** End of the measurement window. */
  readonly end_time: number;
  /** Length of the measurement window, in seconds. */
  readonly duration: number;
  /** Seconds between the first send and the measurement window. */
  readonly warmup_duration: number;
  /** Seconds between the measurement window and the end of the load. */
  readonly cooldown_duration: number;
  /** Label of the strategy, for example `constant@4.00`. */
  readonly label: string;
  readonly stop_reasons: readonly { readonly kind: string; readonly stopping_scope: string }[];
  readonly failures: readonly FailureRecord[];
  readonly dataset: DatasetRecord;
  /** The request workers of this client. */
  readonly client: { readonly workers: readonly WorkerRecord[] };
}

/** Something a reader of the numbers should know. */
export interface BenchmarkWarning {
  readonly code: string;
  readonly message: string;
  readonly observed: number | null;
  readonly threshold: number | null;
  readonly unit: string;
  readonly sample_count: number;
  readonly note: string;
}

/** A class of failures. Message and body are text from the server: untrusted. */
export interface FailureRecord extends Pick<FailureCount, "code" | "count"> {
  readonly message: string;
  readonly phase: string;
  readonly status: number | null;
}

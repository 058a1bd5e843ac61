import type { GenerativeMetrics, RequestRecords, SchedulerMetrics, Severity } from "@core/metrics";
import type { FailureCount, LagSummary, StrategyArgs } from "@core/scheduler";
import type { TokenAccounting } from "../accounting/account-tokens.js";
import type { KindArgs } from "../spec/resolved-spec.js";
import type { ConnectionRecord } from "../validity/connections.js";
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
  /** Sends of an open loop that waited for the answer before them in their conversation. */
  readonly delayed_by_history: number;
  /** Requests that were due when sending ended and were not sent. */
  readonly due_not_sent: number;
  /** Instants of an open loop that were given up because they had passed. */
  readonly dropped: number;
  /** How often an open loop moved the rest of its schedule because it was behind. */
  readonly reanchored: number;
  /** Requests whose backend ignored the cut. */
  readonly abandoned: number;
  /** Length of the measurement of the thread. */
  readonly elapsed_seconds: number | null;
  readonly event_loop_delay_ms: LagRecord | null;
  /** Share of the time in which the event loop was not asleep, in [0, 1]; with the time in `polling_seconds`. */
  readonly event_loop_utilization: number | null;
  /** How late the thread read what was sent to it at known instants. */
  readonly read_lag_ms: LagRecord | null;
  readonly cpu_seconds: number | null;
  /** Time spent polling for the next send: the price of sending in time. */
  readonly polling_seconds: number | null;
  readonly garbage_collection_ms: CollectionRecord | null;
  /** Waits for a core; null where the system does not tell. */
  readonly run_queue: RunQueueRecord | null;
  /** Why connections could not be opened ahead; null when they were. */
  readonly warm_failure: string | null;
}

/** A lag in milliseconds. */
export type LagRecord = Readonly<Record<"mean" | "std_dev" | "p50" | "p99" | "max", number>> &
  Pick<LagSummary, "count">;

/** Streams of a server of known timing on this host, read beside the load. */
export interface CanaryRecord {
  readonly streams: number;
  /** From the write of a token to its reading. */
  readonly read_lag_ms: LagRecord;
}

/** Pauses for the collection of garbage, in milliseconds. */
export type CollectionRecord = Readonly<Record<"count" | "total" | "max", number>>;

/** How a thread got along with others that want its core. */
export interface RunQueueRecord {
  /** Share of the time in which it was ready to run and did not. */
  readonly wait_share: number;
  /** The worst quarter of a second. */
  readonly worst_wait_share: number;
  /** Times it was given a core. */
  readonly turns: number;
  /** Wait before each of them. */
  readonly mean_wait_ms: number;
}

/** One strategy, measured. Keys are GuideLLM's in its order, then ours. All instants are epoch seconds. */
export interface BenchmarkReport {
  readonly type_: "generative_benchmark";
  readonly config: BenchmarkConfig;
  readonly scheduler_state: SchedulerStateRecord;
  readonly scheduler_metrics: SchedulerMetrics;
  readonly metrics: GenerativeMetrics;
  readonly requests: RequestRecords;
  readonly warnings: readonly BenchmarkWarning[];
  readonly validity: ValidityRecord;
  readonly token_accounting: TokenAccounting;
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
  readonly drain: DrainRecord;
  readonly failures: readonly FailureRecord[];
  readonly dataset: DatasetRecord;
  /** The request workers of this client, and what they read of a server of known timing; null when there was none. */
  readonly client: { readonly workers: readonly WorkerRecord[]; readonly canary: CanaryRecord | null };
}

/** Whether the numbers can be those of the server. */
export interface ValidityRecord {
  /** The worst of `reasons`; valid without any. */
  readonly verdict: "valid" | Exclude<Severity, "info">;
  readonly reasons: readonly Pick<BenchmarkWarning, "code" | "severity" | "message">[];
  /** Most of the mean time to first token that this client may have added (95 % confidence); null is unknown. */
  readonly ttft_error_bound_ms: number | null;
  /** The same over that mean. */
  readonly ttft_error_bound_ratio: number | null;
  /** Completed streams of four or more events. */
  readonly streams: number;
  /** Those that were read in one piece. */
  readonly streams_read_at_once: number;
  readonly tokens_per_read: number | null;
  readonly connections: ConnectionRecord;
  readonly delayed_requests: Readonly<Record<"by_cap" | "by_data" | "by_history", number>>;
}

/** What came after the benchmark was stopped. */
export interface DrainRecord {
  /** Requests that were in flight then and came to an end of their own. */
  readonly ended: number;
  /** Requests that the grace period did not suffice for. */
  readonly cut: number;
  /** From the stop to the last end; 0 when nothing was in flight. */
  readonly seconds: number;
}

/** Something a reader of the numbers should know. */
export interface BenchmarkWarning {
  readonly code: string;
  /** What it means for the numbers: nothing, that they are doubtful, or that they are not those of the server. */
  readonly severity: Severity;
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

import type { DistributionSummary, StatusCounts, StatusDistributionSummary } from "./distribution-summary.js";
import type { ModalityMetric } from "./modality-metrics.js";
import type { ObjectiveMetrics } from "./objectives.js";

/** The main metrics of some of the requests. */
export interface PartMetrics {
  readonly request_totals: StatusCounts;
  readonly request_latency: StatusDistributionSummary;
  readonly prompt_token_count: StatusDistributionSummary;
  readonly time_to_first_token_ms: StatusDistributionSummary;
  readonly inter_token_latency_ms: StatusDistributionSummary;
}

/** Those of one turn of the conversation. */
export interface TurnMetrics extends PartMetrics {
  readonly turn_index: number;
}

/** Those of one class of the traffic. */
export interface ClassMetrics extends PartMetrics {
  readonly traffic_class: string;
}

/**
 * Metrics of one benchmark as they stand in the report: GuideLLM's keys in its order, then ours. Every key is described
 * in `METRIC_CATALOGUE`.
 */
export interface GenerativeMetrics extends ObjectiveMetrics {
  readonly request_totals: StatusCounts;
  readonly requests_per_second: StatusDistributionSummary;
  readonly request_concurrency: StatusDistributionSummary;
  readonly request_latency: StatusDistributionSummary;
  readonly request_dispatch_delay: StatusDistributionSummary | null;
  readonly request_scheduled_latency: StatusDistributionSummary | null;
  readonly turn_predecessor_delay: StatusDistributionSummary | null;
  readonly turn_scheduling_delay: StatusDistributionSummary | null;
  readonly root_dispatch_delay: DistributionSummary | null;
  readonly request_streaming_iterations_count: StatusDistributionSummary;
  readonly prompt_token_count: StatusDistributionSummary;
  readonly output_token_count: StatusDistributionSummary;
  readonly total_token_count: StatusDistributionSummary;
  readonly time_to_first_token_ms: StatusDistributionSummary;
  readonly time_to_first_output_token_ms: StatusDistributionSummary;
  readonly time_per_output_token_ms: StatusDistributionSummary;
  readonly inter_token_latency_ms: StatusDistributionSummary;
  readonly time_to_last_round_trip_ms: StatusDistributionSummary;
  readonly avg_round_trip_time_ms: StatusDistributionSummary;
  readonly prompt_tokens_per_second: StatusDistributionSummary;
  readonly output_tokens_per_second: StatusDistributionSummary;
  readonly tokens_per_second: StatusDistributionSummary;
  readonly output_tokens_per_iteration: StatusDistributionSummary;
  readonly iter_tokens_per_iteration: StatusDistributionSummary;
  readonly text: Readonly<Record<"tokens" | "words" | "characters", ModalityMetric>>;
  readonly image: Readonly<Record<"tokens" | "images" | "pixels" | "bytes", ModalityMetric>>;
  readonly video: Readonly<Record<"tokens" | "frames" | "seconds" | "bytes", ModalityMetric>>;
  readonly audio: Readonly<Record<"tokens" | "samples" | "seconds" | "bytes", ModalityMetric>>;
  readonly tool_call: Readonly<Record<"tokens" | "mixed_tokens" | "count", ModalityMetric>>;
  readonly turns: readonly TurnMetrics[] | null;
  /** Null without classes. */
  readonly classes: readonly ClassMetrics[] | null;
  readonly inter_token_gap_ms: StatusDistributionSummary;
  readonly time_per_output_token_excluding_first_ms: StatusDistributionSummary;
  readonly request_latency_from_intended: StatusDistributionSummary;
  readonly time_to_first_token_from_intended_ms: StatusDistributionSummary;
  readonly connect_time_ms: StatusDistributionSummary;
  readonly send_lag_ms: StatusDistributionSummary;
  /** Requests whose output token count is not the server's own figure. */
  readonly estimated_output_token_requests: StatusCounts;
}

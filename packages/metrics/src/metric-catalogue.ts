import type { GenerativeMetrics } from "./generative-metrics.js";

/** Units of the metrics. */
export type MetricUnit =
  | "requests"
  | "seconds"
  | "ms"
  | "tokens"
  | "per second"
  | "in flight"
  | "events"
  | "ratio"
  | "mixed";

/** What the report, its readers and the documentation say about one metric. */
export interface MetricDescription {
  readonly unit: MetricUnit;
  /** Formula and population, one sentence. */
  readonly meaning: string;
  /** `guidellm` when GuideLLM 0.8.1 has the metric, `goodput` when it is ours alone. */
  readonly origin: "guidellm" | "goodput";
  /** Where our number differs from GuideLLM's under the same name. */
  readonly difference?: string;
}

const UNDEFINED_COUNTS_AS_ZERO = "Requests without a value are left out and counted; GuideLLM averages them in as 0.";
const CLIPPED = "Rates are clipped to the window and totals are sums by request; GuideLLM does neither.";
const FROM_GUIDELLM = "guidellm" as const;
const OURS = "goodput" as const;

/** Every key of the metrics of a benchmark, in the order of the report. */
export const METRIC_CATALOGUE: Readonly<Record<keyof GenerativeMetrics, MetricDescription>> = Object.freeze({
  request_totals: {
    unit: "requests",
    origin: FROM_GUIDELLM,
    meaning: "Requests that overlap the measurement window, by final state.",
  },
  requests_per_second: {
    unit: "per second",
    origin: FROM_GUIDELLM,
    meaning: "Ends of requests inside the window, divided by its length.",
  },
  request_concurrency: {
    unit: "in flight",
    origin: FROM_GUIDELLM,
    meaning: "Requests in flight, weighted by time over the window.",
  },
  request_latency: {
    unit: "seconds",
    origin: FROM_GUIDELLM,
    meaning: "From the first byte sent to the last byte received.",
    difference: UNDEFINED_COUNTS_AS_ZERO,
  },
  request_dispatch_delay: {
    unit: "seconds",
    origin: FROM_GUIDELLM,
    meaning: "From the intended start to the send; open loop only, else null.",
  },
  request_scheduled_latency: {
    unit: "seconds",
    origin: FROM_GUIDELLM,
    meaning: "From the intended start to the last byte; open loop only, else null.",
  },
  turn_predecessor_delay: {
    unit: "seconds",
    origin: FROM_GUIDELLM,
    meaning: "Part of the dispatch delay in which the turn before was not done; open loop only, else null.",
  },
  turn_scheduling_delay: {
    unit: "seconds",
    origin: FROM_GUIDELLM,
    meaning: "The rest of the dispatch delay; open loop only, else null.",
  },
  root_dispatch_delay: {
    unit: "seconds",
    origin: FROM_GUIDELLM,
    meaning: "Dispatch delay of the first turns, whatever became of them: one distribution without states.",
  },
  request_streaming_iterations_count: {
    unit: "events",
    origin: FROM_GUIDELLM,
    meaning: "Events of the response stream.",
    difference: UNDEFINED_COUNTS_AS_ZERO,
  },
  prompt_token_count: {
    unit: "tokens",
    origin: FROM_GUIDELLM,
    meaning: "Prompt tokens by the server's usage, else by the tokenizer.",
    difference: UNDEFINED_COUNTS_AS_ZERO,
  },
  output_token_count: {
    unit: "tokens",
    origin: FROM_GUIDELLM,
    meaning: "Output tokens by the server's usage, else by the events of the stream.",
    difference: UNDEFINED_COUNTS_AS_ZERO,
  },
  total_token_count: {
    unit: "tokens",
    origin: FROM_GUIDELLM,
    meaning: "Prompt and output tokens together.",
    difference: UNDEFINED_COUNTS_AS_ZERO,
  },
  time_to_first_token_ms: {
    unit: "ms",
    origin: FROM_GUIDELLM,
    meaning: "TTFT: from the send to the first event that carries a token, reasoning included.",
  },
  time_to_first_output_token_ms: {
    unit: "ms",
    origin: FROM_GUIDELLM,
    meaning: "From the send to the first token of the answer itself, reasoning excluded.",
  },
  time_per_output_token_ms: {
    unit: "ms",
    origin: FROM_GUIDELLM,
    meaning: "From the send to the last token, divided by the output tokens; weighted by them.",
    difference: UNDEFINED_COUNTS_AS_ZERO,
  },
  inter_token_latency_ms: {
    unit: "ms",
    origin: FROM_GUIDELLM,
    meaning: "ITL: from the first to the last token, divided by the output tokens less one; weighted by those.",
    difference: UNDEFINED_COUNTS_AS_ZERO,
  },
  time_to_last_round_trip_ms: {
    unit: "ms",
    origin: FROM_GUIDELLM,
    meaning: "From the last frame sent to the last token; realtime backends only.",
    difference: UNDEFINED_COUNTS_AS_ZERO,
  },
  avg_round_trip_time_ms: {
    unit: "ms",
    origin: FROM_GUIDELLM,
    meaning: "Mean receipt of content less mean send of frames; realtime backends only.",
    difference: UNDEFINED_COUNTS_AS_ZERO,
  },
  prompt_tokens_per_second: {
    unit: "per second",
    origin: FROM_GUIDELLM,
    meaning: "Prompt tokens, each at the first token of its request, inside the window, divided by its length.",
  },
  output_tokens_per_second: {
    unit: "per second",
    origin: FROM_GUIDELLM,
    meaning:
      "Output tokens inside the window, divided by its length; a request's are spread evenly from its first to its last.",
  },
  tokens_per_second: {
    unit: "per second",
    origin: FROM_GUIDELLM,
    meaning: "Prompt and output tokens together.",
  },
  output_tokens_per_iteration: {
    unit: "tokens",
    origin: FROM_GUIDELLM,
    meaning: "Output tokens divided by the events that carried tokens.",
    difference: UNDEFINED_COUNTS_AS_ZERO,
  },
  iter_tokens_per_iteration: {
    unit: "tokens",
    origin: FROM_GUIDELLM,
    meaning: "Output tokens less one divided by the events that carried tokens less one.",
    difference: UNDEFINED_COUNTS_AS_ZERO,
  },
  text: { unit: "mixed", origin: FROM_GUIDELLM, meaning: "Tokens, words and characters of text.", difference: CLIPPED },
  image: { unit: "mixed", origin: FROM_GUIDELLM, meaning: "Tokens, images, pixels and bytes.", difference: CLIPPED },
  video: {
    unit: "mixed",
    origin: FROM_GUIDELLM,
    meaning: "Tokens, frames, seconds and bytes of video.",
    difference: CLIPPED,
  },
  audio: {
    unit: "mixed",
    origin: FROM_GUIDELLM,
    meaning: "Tokens, samples, seconds and bytes of sound.",
    difference: CLIPPED,
  },
  tool_call: {
    unit: "mixed",
    origin: FROM_GUIDELLM,
    meaning: "Tool calls and the tokens of responses with them.",
    difference: CLIPPED,
  },
  turns: {
    unit: "mixed",
    origin: FROM_GUIDELLM,
    meaning: "The main metrics by turn of the conversation; null when every conversation has one turn.",
  },
  slo_attainment: {
    unit: "ratio",
    origin: FROM_GUIDELLM,
    meaning: "Share of the judged requests that met every objective; null without objectives.",
  },
  slo_determined_requests: { unit: "requests", origin: FROM_GUIDELLM, meaning: "Requests that were judged." },
  request_goodput: {
    unit: "per second",
    origin: FROM_GUIDELLM,
    meaning: "Goodput: requests per second that met every objective; null without objectives.",
  },
  slo_attainment_from_intended: {
    unit: "ratio",
    origin: OURS,
    meaning: "Attainment with latency and TTFT counted from the intended start.",
  },
  request_goodput_from_intended: {
    unit: "per second",
    origin: OURS,
    meaning: "Goodput with latency and TTFT counted from the intended start.",
  },
  slo_attainment_ci: { unit: "ratio", origin: OURS, meaning: "Wilson interval of the attainment." },
  slo_undetermined_requests: {
    unit: "requests",
    origin: OURS,
    meaning: "Successful requests that lack a value for an objective and are judged neither way.",
  },
  slo_objectives: { unit: "mixed", origin: OURS, meaning: "Attainment of each objective by itself." },
  slo_effective_requests: {
    unit: "requests",
    origin: OURS,
    meaning: "Independent requests that the judged ones are worth: requests of one bad moment fail together.",
  },
  slo_cut_requests: {
    unit: "requests",
    origin: OURS,
    meaning: "Requests that this client cut off, judged neither way.",
  },
  slo_cut_late_requests: {
    unit: "requests",
    origin: OURS,
    meaning: "Those of them that had broken an objective by then.",
  },
  objectives: {
    unit: "mixed",
    origin: OURS,
    meaning: "Verdict on each objective of spec.objectives; null without any.",
  },
  classes: {
    unit: "mixed",
    origin: OURS,
    meaning: "The main metrics by class of traffic; null without classes, and where there are more than 64.",
  },
  inter_token_gap_ms: {
    unit: "ms",
    origin: OURS,
    meaning: "Every gap between two events with tokens, pooled over requests: what a reader of the stream feels.",
  },
  time_per_output_token_excluding_first_ms: {
    unit: "ms",
    origin: OURS,
    meaning: "TPOT as vLLM defines it: latency less TTFT, divided by the output tokens less one; weight 1 per request.",
  },
  request_latency_from_intended: {
    unit: "seconds",
    origin: OURS,
    meaning: "Latency counted from the intended start: what a user feels whom the client kept waiting.",
  },
  time_to_first_token_from_intended_ms: {
    unit: "ms",
    origin: OURS,
    meaning: "TTFT counted from the intended start.",
  },
  connect_time_ms: { unit: "ms", origin: OURS, meaning: "Opening the connection; requests on a fresh one only." },
  send_lag_ms: { unit: "ms", origin: OURS, meaning: "From the intended start to the send, as felt by each request." },
  estimated_output_token_requests: {
    unit: "requests",
    origin: OURS,
    meaning: "Requests whose output token count is not the server's own figure.",
  },
});

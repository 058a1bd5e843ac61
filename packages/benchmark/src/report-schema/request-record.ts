import { UNKNOWN_USAGE, type UsageMetrics } from "@core/backend";
import { OUTPUT_TOKEN_SOURCES, REQUEST_VALUES } from "@core/metrics";
import * as v from "valibot";
import { CountSchema, NullableNumberSchema, NumberSchema, sameForEach } from "./numbers.js";

const NullableTextSchema = v.nullable(v.string());

const usage = v.pipe(
  v.strictObject({
    ...sameForEach(Object.keys(UNKNOWN_USAGE) as (keyof UsageMetrics)[], NullableNumberSchema).entries,
    total_tokens: NullableNumberSchema,
  }),
  v.title("usage"),
);
const UsageSchema = v.lazy(() => usage);

const STAMPS = [
  "targeted_start",
  "predecessor_completed",
  "queued",
  "dequeued",
  "scheduled_at",
  "resolve_start",
  "request_start",
  "first_request_iteration",
  "first_token_iteration",
  "first_output_token_iteration",
  "last_token_iteration",
  "last_request_iteration",
  "request_end",
  "resolve_end",
  "connect_start",
  "connect_end",
  "first_byte",
] as const;

const TimingsSchema = v.strictObject({
  ...sameForEach(STAMPS, NullableNumberSchema).entries,
  request_iterations: CountSchema,
  token_iterations: CountSchema,
  last_request_sent: NullableNumberSchema,
  request_sent_sum: NumberSchema,
  request_sent_count: CountSchema,
  token_received_sum: NumberSchema,
  token_received_count: CountSchema,
  finalized: v.null(),
});

const InfoSchema = v.strictObject({
  request_id: NullableTextSchema,
  conversation_id: NullableTextSchema,
  history_len: NullableNumberSchema,
  turn_index: NullableNumberSchema,
  preceding_nodes: NullableNumberSchema,
  node_id: NullableTextSchema,
  agent_id: NullableTextSchema,
  traffic_class: NullableTextSchema,
  parent_node_ids: v.array(v.string()),
  status: v.picklist(["completed", "errored", "cancelled"]),
  scheduler_node_id: CountSchema,
  scheduler_process_id: NullableNumberSchema,
  scheduler_start_time: NumberSchema,
  timings: v.pipe(TimingsSchema, v.description("Epoch seconds; null where it did not happen.")),
  settings: sameForEach(["relative_timestamp", "requeue_delay", "trace_duration"], NullableNumberSchema),
  error: NullableTextSchema,
  traceback: v.null(),
  started_at: NullableNumberSchema,
  completed_at: NullableNumberSchema,
});

const NUMBERS = [
  "request_start_time",
  "request_end_time",
  ...REQUEST_VALUES,
  "request_index",
  "request_bytes",
  "response_bytes",
] as const;

const record = v.pipe(
  v.strictObject({
    type_: v.literal("generative_request_stats"),
    request_id: NullableTextSchema,
    response_id: NullableTextSchema,
    request_args: NullableTextSchema,
    output: NullableTextSchema,
    reasoning_output: NullableTextSchema,
    tool_calls: v.nullable(v.array(v.looseObject({}))),
    info: InfoSchema,
    input_metrics: UsageSchema,
    response_metrics: v.unknown(),
    output_metrics: UsageSchema,
    ...sameForEach(NUMBERS, NullableNumberSchema).entries,
    fresh_connection: v.boolean(),
    retried: v.boolean(),
    output_tokens_estimated: v.boolean(),
    output_tokens_source: v.nullable(v.picklist(OUTPUT_TOKEN_SOURCES)),
    output_tokens_by_tokenizer: NullableNumberSchema,
    error_code: NullableTextSchema,
  }),
  v.title("request"),
);
const RecordsSchema = v.array(v.lazy(() => record));

/** Records of all started requests by final state; those that were not sampled hold no texts. */
export const RequestRecordsSchema = v.strictObject({
  successful: RecordsSchema,
  errored: RecordsSchema,
  incomplete: RecordsSchema,
  total: v.null(),
});

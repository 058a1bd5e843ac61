import type { ToolCall } from "@core/backend";
import { type OutputTokenSource, outputTokenSource } from "./output-token-source.js";
import { RECORD_OFFSET as AT, RECORD_FLAGS, RECORD_STATUS } from "./record-layout.js";
import type { RecordTable } from "./record-table.js";
import type { RequestColumns, RequestValue } from "./request-columns.js";
import { type RequestInfo, requestInfo } from "./request-info.js";
import type { RequestTexts } from "./request-texts.js";
import { inputUsageRecord, outputUsageRecord, type UsageRecord } from "./usage-record.js";

type NullableNumber = number | null;

/** One request as it stands in the report: GuideLLM's keys in its order, then ours. Times are epoch seconds. */
export interface RequestRecord extends Readonly<Record<RequestValue, NullableNumber>> {
  readonly type_: "generative_request_stats";
  /** Null in a light record, as are all texts. */
  readonly request_id: string | null;
  readonly response_id: string | null;
  readonly request_args: string | null;
  readonly output: string | null;
  readonly reasoning_output: string | null;
  readonly tool_calls: readonly ToolCall[] | null;
  readonly info: RequestInfo;
  readonly input_metrics: UsageRecord;
  readonly response_metrics: unknown;
  readonly output_metrics: UsageRecord;
  readonly request_start_time: NullableNumber;
  readonly request_end_time: NullableNumber;
  readonly request_index: NullableNumber;
  readonly request_bytes: NullableNumber;
  readonly response_bytes: NullableNumber;
  readonly fresh_connection: boolean;
  readonly retried: boolean;
  readonly output_tokens_estimated: boolean;
  /** Where `output_tokens` comes from; null when it is unknown. */
  readonly output_tokens_source: OutputTokenSource | null;
  /** Tokens of the kept texts as the client's tokenizer counts them; null when they were not counted. */
  readonly output_tokens_by_tokenizer: NullableNumber;
  readonly error_code: string | null;
}

/** What {@link toRequestRecord} needs. */
export interface RequestRecordInput {
  readonly table: RecordTable;
  readonly columns: RequestColumns;
  /** Wall-clock epoch seconds at instant 0 of the run's clock. */
  readonly epochWallSeconds: number;
  readonly schedulerStartNs: number;
  /** Output tokens by request index, as the client's tokenizer counts them. */
  readonly clientTokens?: ReadonlyMap<number, number>;
}

/**
 * Converts one request.
 *
 * @param at - Position in the columns.
 * @param texts - Null gives a light record: all numbers, no texts.
 */
export function toRequestRecord(input: RequestRecordInput, at: number, texts: RequestTexts | null): RequestRecord {
  const { table, columns } = input;
  const row = columns.row[at] ?? 0;
  const flags = columns.flags[at] ?? 0;
  const response = texts?.response ?? null;
  const { values } = columns;
  const fields = table.fields(row);
  const index = fields[AT.index] ?? Number.NaN;
  return {
    type_: "generative_request_stats",
    request_id: texts?.request.requestId ?? null,
    response_id: response?.responseId ?? null,
    request_args: response?.requestArgs ?? null,
    output: response?.text ?? null,
    reasoning_output: response?.reasoningText ?? null,
    tool_calls: response?.toolCalls ?? null,
    info: requestInfo(input, row, texts),
    input_metrics: inputUsageRecord(fields),
    response_metrics: response?.responseMetrics ?? null,
    output_metrics: outputUsageRecord(fields),
    request_start_time: toNullable((columns.start[at] ?? Number.NaN) + input.epochWallSeconds),
    request_end_time: toNullable((columns.end[at] ?? Number.NaN) + input.epochWallSeconds),
    request_latency: toNullable(values.request_latency[at]),
    request_dispatch_delay: toNullable(values.request_dispatch_delay[at]),
    turn_predecessor_delay: toNullable(values.turn_predecessor_delay[at]),
    turn_scheduling_delay: toNullable(values.turn_scheduling_delay[at]),
    request_scheduled_latency: toNullable(values.request_scheduled_latency[at]),
    prompt_tokens: toNullable(values.prompt_tokens[at]),
    cached_tokens: toNullable(values.cached_tokens[at]),
    output_tokens: toNullable(values.output_tokens[at]),
    total_tokens: toNullable(values.total_tokens[at]),
    time_to_first_token_ms: toNullable(values.time_to_first_token_ms[at]),
    time_to_last_round_trip_ms: toNullable(values.time_to_last_round_trip_ms[at]),
    avg_round_trip_time_ms: toNullable(values.avg_round_trip_time_ms[at]),
    time_per_output_token_ms: toNullable(values.time_per_output_token_ms[at]),
    inter_token_latency_ms: toNullable(values.inter_token_latency_ms[at]),
    tokens_per_second: toNullable(values.tokens_per_second[at]),
    output_tokens_per_second: toNullable(values.output_tokens_per_second[at]),
    time_to_first_output_token_ms: toNullable(values.time_to_first_output_token_ms[at]),
    iter_tokens_per_iteration: toNullable(values.iter_tokens_per_iteration[at]),
    output_tokens_per_iteration: toNullable(values.output_tokens_per_iteration[at]),
    time_per_output_token_excluding_first_ms: toNullable(values.time_per_output_token_excluding_first_ms[at]),
    request_latency_from_intended: toNullable(values.request_latency_from_intended[at]),
    time_to_first_token_from_intended_ms: toNullable(values.time_to_first_token_from_intended_ms[at]),
    connect_time_ms: toNullable(values.connect_time_ms[at]),
    send_lag_ms: toNullable(values.send_lag_ms[at]),
    request_index: toNullable(index),
    request_bytes: toNullable(fields[AT.request_bytes]),
    response_bytes: toNullable(fields[AT.response_bytes]),
    fresh_connection: (flags & RECORD_FLAGS.freshConnection) !== 0,
    retried: (flags & RECORD_FLAGS.retried) !== 0,
    output_tokens_estimated: (flags & RECORD_FLAGS.estimatedOutputTokens) !== 0,
    output_tokens_source: outputTokenSource(flags, columns.values.output_tokens[at] ?? Number.NaN),
    output_tokens_by_tokenizer: input.clientTokens?.get(index) ?? null,
    error_code: fields[AT.status] === RECORD_STATUS.completed ? null : table.errorCode(row),
  };
}

function toNullable(value: number | undefined): NullableNumber {
  return value === undefined || Number.isNaN(value) ? null : value;
}

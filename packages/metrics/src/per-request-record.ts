import type { ToolCall } from "@core/backend";
import { type OutputTokenSource, outputTokenSource } from "./output-token-source.js";
import { RECORD_FLAGS, RECORD_STATUS } from "./record-layout.js";
import type { RecordTable } from "./record-table.js";
import { GROUPS, type RequestColumns, type RequestValue } from "./request-columns.js";
import { type RequestInfo, requestInfo } from "./request-info.js";
import type { RequestTexts } from "./request-texts.js";
import { type UsageRecord, usageRecord } from "./usage-record.js";

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

/** Records of all started requests by final state. `total` is null, as in GuideLLM. */
export interface RequestRecords {
  readonly successful: readonly RequestRecord[];
  readonly errored: readonly RequestRecord[];
  readonly incomplete: readonly RequestRecord[];
  readonly total: null;
}

/** What {@link toRequestRecords} needs. */
export interface RequestRecordsInput {
  readonly table: RecordTable;
  readonly columns: RequestColumns;
  /** Texts of the stored requests; every other request gets a light record. */
  readonly texts: readonly RequestTexts[];
  /** Wall-clock epoch seconds at instant 0 of the run's clock. */
  readonly epochWallSeconds: number;
  readonly schedulerStartNs: number;
  /** Output tokens by request index, as the client's tokenizer counts them. */
  readonly clientTokens?: ReadonlyMap<number, number>;
}

/** Converts every started request of a run, in order of request index. */
export function toRequestRecords(input: RequestRecordsInput): RequestRecords {
  const textsByIndex = new Map(input.texts.map((text) => [text.index, text]));
  const indexOf = (at: number): number => input.table.get(input.columns.row[at] ?? 0, "index");
  const order = [...input.columns.row.keys()].sort((left, right) => compareIndex(indexOf(left), indexOf(right)));
  const ofGroup = (group: number): RequestRecord[] =>
    order
      .filter((at) => input.columns.group[at] === group)
      .map((at) => toRequestRecord(input, at, textsByIndex.get(indexOf(at)) ?? null));
  return {
    successful: ofGroup(GROUPS.indexOf("successful")),
    errored: ofGroup(GROUPS.indexOf("errored")),
    incomplete: ofGroup(GROUPS.indexOf("incomplete")),
    total: null,
  };
}

/**
 * Converts one request.
 *
 * @param at - Position in the columns.
 * @param texts - Null gives a light record: all numbers, no texts.
 */
export function toRequestRecord(input: RequestRecordsInput, at: number, texts: RequestTexts | null): RequestRecord {
  const { table, columns } = input;
  const row = columns.row[at] ?? 0;
  const flags = columns.flags[at] ?? 0;
  const response = texts?.response ?? null;
  const value = (name: RequestValue): NullableNumber => toNullable(columns.values[name][at]);
  const wall = (seconds: number | undefined): NullableNumber =>
    toNullable((seconds ?? Number.NaN) + input.epochWallSeconds);
  return {
    type_: "generative_request_stats",
    request_id: texts?.request.requestId ?? null,
    response_id: response?.responseId ?? null,
    request_args: response?.requestArgs ?? null,
    output: response?.text ?? null,
    reasoning_output: response?.reasoningText ?? null,
    tool_calls: response?.toolCalls ?? null,
    info: requestInfo(input, row, texts),
    input_metrics: usageRecord(table, row, "input"),
    response_metrics: response?.responseMetrics ?? null,
    output_metrics: usageRecord(table, row, "output"),
    request_start_time: wall(columns.start[at]),
    request_end_time: wall(columns.end[at]),
    request_latency: value("request_latency"),
    request_dispatch_delay: value("request_dispatch_delay"),
    turn_predecessor_delay: value("turn_predecessor_delay"),
    turn_scheduling_delay: value("turn_scheduling_delay"),
    request_scheduled_latency: value("request_scheduled_latency"),
    prompt_tokens: value("prompt_tokens"),
    cached_tokens: value("cached_tokens"),
    output_tokens: value("output_tokens"),
    total_tokens: value("total_tokens"),
    time_to_first_token_ms: value("time_to_first_token_ms"),
    time_to_last_round_trip_ms: value("time_to_last_round_trip_ms"),
    avg_round_trip_time_ms: value("avg_round_trip_time_ms"),
    time_per_output_token_ms: value("time_per_output_token_ms"),
    inter_token_latency_ms: value("inter_token_latency_ms"),
    tokens_per_second: value("tokens_per_second"),
    output_tokens_per_second: value("output_tokens_per_second"),
    time_to_first_output_token_ms: value("time_to_first_output_token_ms"),
    iter_tokens_per_iteration: value("iter_tokens_per_iteration"),
    output_tokens_per_iteration: value("output_tokens_per_iteration"),
    time_per_output_token_excluding_first_ms: value("time_per_output_token_excluding_first_ms"),
    request_latency_from_intended: value("request_latency_from_intended"),
    time_to_first_token_from_intended_ms: value("time_to_first_token_from_intended_ms"),
    connect_time_ms: value("connect_time_ms"),
    send_lag_ms: value("send_lag_ms"),
    request_index: toNullable(table.get(row, "index")),
    request_bytes: toNullable(table.get(row, "request_bytes")),
    response_bytes: toNullable(table.get(row, "response_bytes")),
    fresh_connection: (flags & RECORD_FLAGS.freshConnection) !== 0,
    retried: (flags & RECORD_FLAGS.retried) !== 0,
    output_tokens_estimated: (flags & RECORD_FLAGS.estimatedOutputTokens) !== 0,
    output_tokens_source: outputTokenSource(flags, columns.values.output_tokens[at] ?? Number.NaN),
    output_tokens_by_tokenizer: input.clientTokens?.get(table.get(row, "index")) ?? null,
    error_code: table.get(row, "status") === RECORD_STATUS.completed ? null : table.errorCode(row),
  };
}

/** Unknown indices last. */
function compareIndex(left: number, right: number): number {
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : 1;
  return Number.isNaN(right) ? -1 : left - right;
}

function toNullable(value: number | undefined): NullableNumber {
  return value === undefined || Number.isNaN(value) ? null : value;
}

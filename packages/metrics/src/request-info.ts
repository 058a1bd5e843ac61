import { RECORD_STATUS, type RecordField } from "./record-layout.js";
import type { RecordTable } from "./record-table.js";
import type { RequestTexts } from "./request-texts.js";

type NullableNumber = number | null;

/** Stamps of one request in epoch seconds, null where they did not happen. GuideLLM's keys in its order, then ours. */
export interface RequestTimingsRecord {
  readonly targeted_start: NullableNumber;
  readonly predecessor_completed: NullableNumber;
  readonly queued: NullableNumber;
  readonly dequeued: NullableNumber;
  readonly scheduled_at: NullableNumber;
  readonly resolve_start: NullableNumber;
  readonly request_start: NullableNumber;
  readonly first_request_iteration: NullableNumber;
  readonly first_token_iteration: NullableNumber;
  readonly first_output_token_iteration: NullableNumber;
  readonly last_token_iteration: NullableNumber;
  readonly last_request_iteration: NullableNumber;
  readonly request_iterations: number;
  readonly token_iterations: number;
  readonly last_request_sent: NullableNumber;
  readonly request_sent_sum: number;
  readonly request_sent_count: number;
  readonly token_received_sum: number;
  readonly token_received_count: number;
  readonly request_end: NullableNumber;
  readonly resolve_end: NullableNumber;
  readonly finalized: null;
  readonly connect_start: NullableNumber;
  readonly connect_end: NullableNumber;
  readonly first_byte: NullableNumber;
}

/** Where a request came from, when things happened to it, and why it failed. */
export interface RequestInfo {
  readonly request_id: string | null;
  readonly conversation_id: string | null;
  readonly history_len: NullableNumber;
  readonly turn_index: NullableNumber;
  readonly preceding_nodes: NullableNumber;
  readonly node_id: string | null;
  readonly agent_id: string | null;
  /** Class of the traffic that the data names. */
  readonly traffic_class: string | null;
  readonly parent_node_ids: readonly string[];
  readonly status: "completed" | "errored" | "cancelled";
  readonly scheduler_node_id: number;
  readonly scheduler_process_id: NullableNumber;
  readonly scheduler_start_time: number;
  readonly timings: RequestTimingsRecord;
  readonly settings: {
    readonly relative_timestamp: NullableNumber;
    readonly requeue_delay: NullableNumber;
    readonly trace_duration: NullableNumber;
  };
  readonly error: string | null;
  readonly traceback: null;
  readonly started_at: NullableNumber;
  readonly completed_at: NullableNumber;
}

interface InfoInput {
  readonly table: RecordTable;
  readonly epochWallSeconds: number;
  readonly schedulerStartNs: number;
}

/** Builds the `info` object of a request from its record row and, if stored, its texts. */
export function requestInfo(input: InfoInput, row: number, texts: RequestTexts | null): RequestInfo {
  const { table } = input;
  const read = (field: RecordField): NullableNumber => toNullable(table.get(row, field));
  const timings = timingsRecord(input, row);
  return {
    request_id: texts?.request.requestId ?? null,
    conversation_id: texts?.conversationId ?? null,
    history_len: texts?.historyLength ?? null,
    turn_index: read("turn_index"),
    preceding_nodes: read("preceding_nodes"),
    node_id: texts?.nodeId ?? null,
    agent_id: texts?.agentId ?? null,
    traffic_class: table.className(row),
    parent_node_ids: texts?.parentNodeIds ?? [],
    status: statusOf(table.get(row, "status")),
    scheduler_node_id: read("worker") ?? 0,
    scheduler_process_id: read("worker"),
    scheduler_start_time: input.epochWallSeconds + input.schedulerStartNs / 1e9,
    timings,
    settings: {
      relative_timestamp: texts?.settings.relativeTimestampSeconds ?? null,
      requeue_delay: texts?.settings.requeueDelaySeconds ?? null,
      trace_duration: texts?.settings.traceDurationSeconds ?? null,
    },
    // A light record of a failed request still names the code of its failure.
    error: texts?.failure?.message ?? table.errorCode(row),
    traceback: null,
    started_at: timings.request_start ?? timings.resolve_start,
    completed_at: timings.request_end ?? timings.resolve_end,
  };
}

function timingsRecord(input: InfoInput, row: number): RequestTimingsRecord {
  const { table, epochWallSeconds } = input;
  const wall = (atNs: number): NullableNumber => toNullable(epochWallSeconds + atNs / 1e9);
  const at = (field: RecordField): NullableNumber => wall(table.get(row, field));
  const dequeuedNs = table.get(row, "dequeued_ns");
  const intendedNs = table.get(row, "intended_start_ns");
  return {
    targeted_start: wall(intendedNs),
    predecessor_completed: at("predecessor_completed_ns"),
    queued: at("queued_ns"),
    dequeued: wall(dequeuedNs),
    scheduled_at: wall(Number.isNaN(intendedNs) ? dequeuedNs : Math.max(intendedNs, dequeuedNs)),
    resolve_start: at("resolve_start_ns"),
    request_start: at("send_ns"),
    first_request_iteration: at("first_iteration_ns"),
    first_token_iteration: at("first_token_ns"),
    first_output_token_iteration: at("first_output_token_ns"),
    last_token_iteration: at("last_token_ns"),
    last_request_iteration: at("last_iteration_ns"),
    request_iterations: table.get(row, "iterations"),
    token_iterations: table.get(row, "token_iterations"),
    last_request_sent: at("last_message_sent_ns"),
    ...wallSums(input, row),
    request_end: at("end_ns"),
    resolve_end: at("resolve_end_ns"),
    finalized: null,
    connect_start: at("connect_start_ns"),
    connect_end: at("connect_end_ns"),
    first_byte: at("first_byte_ns"),
  };
}

/** Sums of epoch seconds over the messages sent and the tokens received; zeros unless a request is several messages. */
function wallSums({ table, epochWallSeconds }: InfoInput, row: number) {
  const sent = table.get(row, "messages_sent");
  const received = sent === 0 ? 0 : table.get(row, "token_iterations");
  const sum = (count: number, meanNs: number): number => (count === 0 ? 0 : count * (epochWallSeconds + meanNs / 1e9));
  return {
    request_sent_sum: sum(sent, table.get(row, "mean_message_sent_ns")),
    request_sent_count: sent,
    token_received_sum: sum(received, table.get(row, "mean_token_ns")),
    token_received_count: received,
  };
}

function statusOf(status: number): RequestInfo["status"] {
  if (status === RECORD_STATUS.completed) return "completed";
  return status === RECORD_STATUS.errored ? "errored" : "cancelled";
}

function toNullable(value: number): NullableNumber {
  return Number.isNaN(value) ? null : value;
}

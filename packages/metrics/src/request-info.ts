import { RECORD_OFFSET as AT, RECORD_STATUS } from "./record-layout.js";
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
  const fields = table.fields(row);
  const timings = timingsRecord(fields, input.epochWallSeconds);
  const worker = toNullable(read(fields, AT.worker));
  return {
    request_id: texts?.request.requestId ?? null,
    conversation_id: texts?.conversationId ?? null,
    history_len: texts?.historyLength ?? null,
    turn_index: toNullable(read(fields, AT.turn_index)),
    preceding_nodes: toNullable(read(fields, AT.preceding_nodes)),
    node_id: texts?.nodeId ?? null,
    agent_id: texts?.agentId ?? null,
    traffic_class: table.className(row),
    parent_node_ids: texts?.parentNodeIds ?? [],
    status: statusOf(read(fields, AT.status)),
    scheduler_node_id: worker ?? 0,
    scheduler_process_id: worker,
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

function timingsRecord(fields: Float64Array, epoch: number): RequestTimingsRecord {
  const dequeuedNs = read(fields, AT.dequeued_ns);
  const intendedNs = read(fields, AT.intended_start_ns);
  const sent = read(fields, AT.messages_sent);
  const tokens = read(fields, AT.token_iterations);
  const received = sent === 0 ? 0 : tokens;
  return {
    targeted_start: wall(epoch, intendedNs),
    predecessor_completed: wall(epoch, read(fields, AT.predecessor_completed_ns)),
    queued: wall(epoch, read(fields, AT.queued_ns)),
    dequeued: wall(epoch, dequeuedNs),
    scheduled_at: wall(epoch, Number.isNaN(intendedNs) ? dequeuedNs : Math.max(intendedNs, dequeuedNs)),
    resolve_start: wall(epoch, read(fields, AT.resolve_start_ns)),
    request_start: wall(epoch, read(fields, AT.send_ns)),
    first_request_iteration: wall(epoch, read(fields, AT.first_iteration_ns)),
    first_token_iteration: wall(epoch, read(fields, AT.first_token_ns)),
    first_output_token_iteration: wall(epoch, read(fields, AT.first_output_token_ns)),
    last_token_iteration: wall(epoch, read(fields, AT.last_token_ns)),
    last_request_iteration: wall(epoch, read(fields, AT.last_iteration_ns)),
    request_iterations: read(fields, AT.iterations),
    token_iterations: tokens,
    last_request_sent: wall(epoch, read(fields, AT.last_message_sent_ns)),
    request_sent_sum: wallSum(epoch, sent, read(fields, AT.mean_message_sent_ns)),
    request_sent_count: sent,
    token_received_sum: wallSum(epoch, received, read(fields, AT.mean_token_ns)),
    token_received_count: received,
    request_end: wall(epoch, read(fields, AT.end_ns)),
    resolve_end: wall(epoch, read(fields, AT.resolve_end_ns)),
    finalized: null,
    connect_start: wall(epoch, read(fields, AT.connect_start_ns)),
    connect_end: wall(epoch, read(fields, AT.connect_end_ns)),
    first_byte: wall(epoch, read(fields, AT.first_byte_ns)),
  };
}

function wall(epochWallSeconds: number, atNs: number): NullableNumber {
  return toNullable(epochWallSeconds + atNs / 1e9);
}

/** Sum of epoch seconds over the messages sent or the tokens received; 0 unless a request is several messages. */
function wallSum(epochWallSeconds: number, count: number, meanNs: number): number {
  return count === 0 ? 0 : count * (epochWallSeconds + meanNs / 1e9);
}

function read(fields: Float64Array, offset: number): number {
  return fields[offset] ?? Number.NaN;
}

function statusOf(status: number): RequestInfo["status"] {
  if (status === RECORD_STATUS.completed) return "completed";
  return status === RECORD_STATUS.errored ? "errored" : "cancelled";
}

function toNullable(value: number): NullableNumber {
  return Number.isNaN(value) ? null : value;
}

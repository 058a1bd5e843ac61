import { divided, orElse } from "./column-arithmetic.js";
import { pick } from "./pick.js";
import { RECORD_STATUS, type RecordField } from "./record-layout.js";
import type { RecordTable } from "./record-table.js";
import { requestTimes, requestValues } from "./request-values.js";

/** Names of the numbers computed for every request, as they stand in its report record. */
export const REQUEST_VALUES = [
  "request_latency",
  "request_dispatch_delay",
  "turn_predecessor_delay",
  "turn_scheduling_delay",
  "request_scheduled_latency",
  "prompt_tokens",
  "cached_tokens",
  "output_tokens",
  "total_tokens",
  "time_to_first_token_ms",
  "time_to_last_round_trip_ms",
  "avg_round_trip_time_ms",
  "time_per_output_token_ms",
  "inter_token_latency_ms",
  "tokens_per_second",
  "output_tokens_per_second",
  "time_to_first_output_token_ms",
  "iter_tokens_per_iteration",
  "output_tokens_per_iteration",
  "time_per_output_token_excluding_first_ms",
  "request_latency_from_intended",
  "time_to_first_token_from_intended_ms",
  "connect_time_ms",
  "send_lag_ms",
] as const;

/** Name of one number computed for every request. */
export type RequestValue = (typeof REQUEST_VALUES)[number];

/** Groups in the order of {@link RequestColumns.group}. */
export const GROUPS = ["successful", "errored", "incomplete"] as const;

/** Name of a group. */
export type GroupName = (typeof GROUPS)[number];

/**
 * Started requests of a table, column by column; `NaN` means "undefined". Times are seconds of the run's clock.
 * Requests that were cancelled before they started are left out, as they are everywhere in the metrics.
 */
export interface RequestColumns {
  readonly count: number;
  /** Row in the table. */
  readonly row: Uint32Array;
  /** Position in {@link GROUPS}. */
  readonly group: Uint8Array;
  /** Send, else call of the backend. */
  readonly start: Float64Array;
  /** End of the response, else return of the backend. */
  readonly end: Float64Array;
  readonly firstToken: Float64Array;
  readonly firstOutputToken: Float64Array;
  readonly lastToken: Float64Array;
  readonly iterations: Float64Array;
  readonly tokenIterations: Float64Array;
  readonly turnIndex: Float64Array;
  readonly precedingNodes: Float64Array;
  readonly flags: Float64Array;
  /** Position in `classNames`; NaN for a request without a class. */
  readonly classId: Float64Array;
  readonly classNames: readonly string[];
  readonly values: Readonly<Record<RequestValue, Float64Array>>;
}

/** Computes the columns of all started requests of a table. */
export function buildRequestColumns(table: RecordTable): RequestColumns {
  const status = table.column("status");
  const row = startedRows(status);
  const field = (name: RecordField): Float64Array => {
    const column = table.column(name);
    return row.length === column.length ? column : pick(column, row);
  };
  const times = requestTimes(field);
  return {
    count: row.length,
    row,
    group: Uint8Array.from(row.length === status.length ? status : pick(status, row)),
    start: divided(orElse(times.send, times.resolveStart), 1e9),
    end: divided(orElse(times.end, times.resolveEnd), 1e9),
    firstToken: divided(times.firstToken, 1e9),
    firstOutputToken: divided(times.firstOutputToken, 1e9),
    lastToken: divided(times.lastToken, 1e9),
    iterations: field("iterations"),
    tokenIterations: field("token_iterations"),
    turnIndex: field("turn_index"),
    precedingNodes: field("preceding_nodes"),
    flags: field("flags"),
    classId: field("class_id"),
    classNames: table.classNames,
    values: requestValues(field, times),
  };
}

function startedRows(status: ArrayLike<number>): Uint32Array {
  const rows = new Uint32Array(status.length);
  let count = 0;
  for (let row = 0; row < status.length; row += 1) {
    if (status[row] !== RECORD_STATUS.cancelledNeverStarted) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

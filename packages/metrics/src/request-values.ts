import { RECORD_OFFSET as AT } from "./record-layout.js";
import type { RecordTable } from "./record-table.js";
import type { RequestColumns } from "./request-columns.js";

/**
 * Computes every per-request value of one request (formulas of the metric catalogue). `NaN` runs through the
 * arithmetic, so a missing stamp or count makes exactly the values undefined that need it.
 */
export function fillRequestValues(table: RecordTable, columns: RequestColumns, at: number): void {
  const row = columns.row[at] ?? 0;
  fillTimes(table, columns, at, row);
  fillTokens(table, columns, at, row);
  fillLatencies(table, columns, at, row);
  fillSchedule(table, columns, at, row);
}

function fillTimes(table: RecordTable, columns: RequestColumns, at: number, row: number): void {
  columns.start[at] = firstKnown(table.at(row, AT.send_ns), table.at(row, AT.resolve_start_ns)) / 1e9;
  columns.end[at] = firstKnown(table.at(row, AT.end_ns), table.at(row, AT.resolve_end_ns)) / 1e9;
  columns.firstToken[at] = table.at(row, AT.first_token_ns) / 1e9;
  columns.firstOutputToken[at] = table.at(row, AT.first_output_token_ns) / 1e9;
  columns.lastToken[at] = table.at(row, AT.last_token_ns) / 1e9;
  columns.iterations[at] = table.at(row, AT.iterations);
  columns.tokenIterations[at] = table.at(row, AT.token_iterations);
  columns.turnIndex[at] = table.at(row, AT.turn_index);
  columns.precedingNodes[at] = table.at(row, AT.preceding_nodes);
  columns.flags[at] = table.at(row, AT.flags);
  columns.classId[at] = table.at(row, AT.class_id);
}

function fillTokens(table: RecordTable, columns: RequestColumns, at: number, row: number): void {
  const { values } = columns;
  const iterations = columns.tokenIterations[at] ?? 0;
  const prompt = table.at(row, AT.prompt_tokens);
  // Without any count from the server each token event counts as one token.
  const output = firstKnown(table.at(row, AT.output_tokens), positive(iterations));
  values.prompt_tokens[at] = prompt;
  values.cached_tokens[at] = table.at(row, AT.cached_tokens);
  values.output_tokens[at] = output;
  values.total_tokens[at] = sumOfKnown(prompt, output);
  values.output_tokens_per_iteration[at] = output / positive(iterations);
  values.iter_tokens_per_iteration[at] = positive(output - 1) / positive(iterations - 1);
}

function fillLatencies(table: RecordTable, columns: RequestColumns, at: number, row: number): void {
  const { values } = columns;
  const send = table.at(row, AT.send_ns);
  const firstToken = table.at(row, AT.first_token_ns);
  const lastToken = table.at(row, AT.last_token_ns);
  const latencyNs = table.at(row, AT.end_ns) - send;
  const output = values.output_tokens[at] ?? Number.NaN;
  const tokensEnd = firstKnown(lastToken, firstKnown(table.at(row, AT.end_ns), table.at(row, AT.resolve_end_ns)));
  values.request_latency[at] = latencyNs / 1e9;
  values.time_to_first_token_ms[at] = (firstToken - send) / 1e6;
  values.time_to_first_output_token_ms[at] = (table.at(row, AT.first_output_token_ns) - send) / 1e6;
  values.time_to_last_round_trip_ms[at] = (lastToken - table.at(row, AT.last_message_sent_ns)) / 1e6;
  values.avg_round_trip_time_ms[at] = (table.at(row, AT.mean_token_ns) - table.at(row, AT.mean_message_sent_ns)) / 1e6;
  values.time_per_output_token_ms[at] = (tokensEnd - send) / 1e6 / positive(output);
  values.inter_token_latency_ms[at] = (lastToken - firstToken) / 1e6 / positive(output - 1);
  values.time_per_output_token_excluding_first_ms[at] = (latencyNs - (firstToken - send)) / 1e6 / positive(output - 1);
  values.tokens_per_second[at] = (values.total_tokens[at] ?? Number.NaN) / (positive(latencyNs) / 1e9);
  values.output_tokens_per_second[at] = output / (positive(latencyNs) / 1e9);
}

function fillSchedule(table: RecordTable, columns: RequestColumns, at: number, row: number): void {
  const { values } = columns;
  const intended = table.at(row, AT.intended_start_ns);
  const send = table.at(row, AT.send_ns);
  const predecessor = table.at(row, AT.predecessor_completed_ns);
  const lagNs = send - intended;
  const predecessorNs = Number.isNaN(predecessor) ? 0 * lagNs : Math.max(0, Math.min(send, predecessor) - intended);
  const endNs = table.at(row, AT.end_ns);
  values.send_lag_ms[at] = lagNs / 1e6;
  values.request_dispatch_delay[at] = lagNs / 1e9;
  values.turn_predecessor_delay[at] = predecessorNs / 1e9;
  values.turn_scheduling_delay[at] = (lagNs - predecessorNs) / 1e9;
  values.request_scheduled_latency[at] = (endNs - intended) / 1e9;
  values.request_latency_from_intended[at] = (endNs - intended) / 1e9;
  values.time_to_first_token_from_intended_ms[at] = (table.at(row, AT.first_token_ns) - intended) / 1e6;
  values.connect_time_ms[at] = (table.at(row, AT.connect_end_ns) - table.at(row, AT.connect_start_ns)) / 1e6;
}

function firstKnown(first: number, second: number): number {
  return Number.isNaN(first) ? second : first;
}

/** The value when it is greater than 0, else `NaN`: a divisor that must not be 0 or negative. */
function positive(value: number): number {
  return value > 0 ? value : Number.NaN;
}

function sumOfKnown(left: number, right: number): number {
  if (Number.isNaN(left)) return right;
  return Number.isNaN(right) ? left : left + right;
}

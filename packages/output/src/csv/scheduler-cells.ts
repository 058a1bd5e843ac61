import type { BenchmarkReport } from "@core/benchmark";
import { type CsvCell, floatText, timeText } from "./csv-cell.js";
import { summaryCells } from "./statistic-cells.js";

const AVERAGES = [
  ["queued_time_avg", "Queued Time Avg"],
  ["resolve_start_delay_avg", "Resolve Start Delay Avg"],
  ["resolve_targeted_start_delay_avg", "Resolve Targeted Start Delay Avg"],
  ["request_start_delay_avg", "Request Start Delay Avg"],
  ["request_targeted_start_delay_avg", "Request Targeted Start Delay Avg"],
  ["request_time_avg", "Request Time Avg"],
  ["resolve_end_delay_avg", "Resolve End Delay Avg"],
  ["resolve_time_avg", "Resolve Time Avg"],
  ["finalized_delay_avg", "Finalized Delay Avg"],
  ["processed_delay_avg", "Processed Delay Avg"],
] as const;

/** Cells of the scheduler: its counters, its constraints at the end, its delays. */
export function schedulerCells({ scheduler_state: state, scheduler_metrics: metrics }: BenchmarkReport): CsvCell[] {
  const ofState = (field: string, value: string): CsvCell => ({ group: "Scheduler State", field, third: "", value });
  const ofMetrics = (field: string, value: string, third = ""): CsvCell => ({
    group: "Scheduler Metrics",
    field,
    third,
    value,
  });
  const made = metrics.requests_made;
  return [
    ofState("Node ID", String(state.node_id)),
    ofState("Num Processes", String(state.num_processes)),
    ofState("Created Requests", String(state.created_requests)),
    ofState("Processed Requests", String(state.processed_requests)),
    ofState("Successful Requests", String(state.successful_requests)),
    ofState("Errored Requests", String(state.errored_requests)),
    ofState("Cancelled Requests", String(state.cancelled_requests)),
    ofState("End Queuing Time", timeText(state.end_queuing_time)),
    ofState("End Queuing Constraints", JSON.stringify(state.end_queuing_constraints)),
    ofState("End Processing Time", timeText(state.end_processing_time)),
    ofState("End Processing Constraints", JSON.stringify(state.end_processing_constraints)),
    ofMetrics("Requests Made Successful", String(made.successful)),
    ofMetrics("Requests Made Incomplete", String(made.incomplete)),
    ofMetrics("Requests Made Errored", String(made.errored)),
    ofMetrics("Requests Made Total", String(made.total)),
    ...AVERAGES.map(([key, field]) => ofMetrics(field, floatText(metrics[key]), "Sec")),
    ...summaryCells("Generation Delay", "Sec", metrics.generation_delay),
  ];
}

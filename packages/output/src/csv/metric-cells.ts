import type { BenchmarkReport } from "@core/benchmark";
import { type CsvCell, floatText } from "./csv-cell.js";
import { objectiveCells } from "./objective-cells.js";
import { CSV_STATUSES, statusCells, summaryCells } from "./statistic-cells.js";

type Metrics = BenchmarkReport["metrics"];

/** Cells of all metrics, in GuideLLM's order. */
export function metricCells(metrics: Metrics): CsvCell[] {
  return [
    ...statusCells("Request Latency", "Sec", metrics.request_latency),
    ...delayCells("Dispatch Delay", metrics.request_dispatch_delay),
    ...delayCells("Turn Predecessor Delay", metrics.turn_predecessor_delay),
    ...delayCells("Turn Scheduling Delay", metrics.turn_scheduling_delay),
    ...delayCells("Scheduled Latency", metrics.request_scheduled_latency),
    ...statusCells("Streaming Iterations", "Count", metrics.request_streaming_iterations_count),
    ...statusCells("Time to First Token", "ms", metrics.time_to_first_token_ms),
    ...statusCells("Time to First Output Token", "ms", metrics.time_to_first_output_token_ms),
    ...statusCells("Time per Output Token", "ms", metrics.time_per_output_token_ms),
    ...statusCells("Inter Token Latency", "ms", metrics.inter_token_latency_ms),
    ...statusCells("Time To Last Round Trip", "ms", metrics.time_to_last_round_trip_ms),
    ...statusCells("Avg Round Trip Time", "ms", metrics.avg_round_trip_time_ms),
    ...statusCells("Server Throughput", "Requests/Sec", metrics.requests_per_second),
    ...statusCells("Server Throughput", "Concurrency", metrics.request_concurrency),
    ...goodputCells(metrics),
    ...statusCells("Token Metrics", "Input Tokens", metrics.prompt_token_count),
    ...statusCells("Token Metrics", "Output Tokens", metrics.output_token_count),
    ...statusCells("Token Metrics", "Total Tokens", metrics.total_token_count),
    ...statusCells("Token Throughput", "Input Tokens/Sec", metrics.prompt_tokens_per_second),
    ...statusCells("Token Throughput", "Output Tokens/Sec", metrics.output_tokens_per_second),
    ...statusCells("Token Throughput", "Total Tokens/Sec", metrics.tokens_per_second),
    ...statusCells("Token Streaming", "Output Tokens/Iter", metrics.output_tokens_per_iteration),
    ...statusCells("Token Streaming", "Iter Tokens/Iter", metrics.iter_tokens_per_iteration),
    ...statusCells("Token Gap", "ms", metrics.inter_token_gap_ms),
    ...statusCells("Latency From Intended Start", "Sec", metrics.request_latency_from_intended),
    ...statusCells("Time to First Token From Intended Start", "ms", metrics.time_to_first_token_from_intended_ms),
    ...statusCells("Send Lag", "ms", metrics.send_lag_ms),
    ...modalityCells(metrics),
    ...objectiveCells(metrics),
  ];
}

function delayCells(group: string, metric: Metrics["request_dispatch_delay"]): CsvCell[] {
  return metric === null ? [] : statusCells(group, "Sec", metric);
}

function goodputCells(metrics: Metrics): CsvCell[] {
  if (metrics.slo_objectives === null) return [];
  const group = "Server Throughput";
  const rate = metrics.request_goodput?.successful.mean ?? null;
  return [
    { group, field: "Successful Goodput/Sec", third: "mean", value: floatText(rate) },
    { group, field: "SLO Attainment", third: "", value: floatText(metrics.slo_attainment) },
  ];
}

const MODALITIES = ["text", "image", "video", "audio", "tool_call"] as const;
const SIDES = [
  ["input", "Input"],
  ["output", "Output"],
  ["total", "Total"],
] as const;

/** Counters of a modality, a side only where some request has a value. */
function modalityCells(metrics: Metrics): CsvCell[] {
  return MODALITIES.flatMap((modality) =>
    Object.entries(metrics[modality]).flatMap(([counter, metric]) =>
      modalityStatusCells(`${titled(modality)} ${titled(counter)}`, metric),
    ),
  );
}

function modalityStatusCells(group: string, metric: Metrics["text"]["tokens"]): CsvCell[] {
  return CSV_STATUSES.flatMap(([status, name]) =>
    SIDES.flatMap(([side, sideName]) => {
      const summary = metric[side]?.[status];
      return summary === undefined || summary.total_sum === 0
        ? []
        : summaryCells(group, `${name} ${sideName}`, summary);
    }),
  );
}

function titled(name: string): string {
  return name.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => ` ${letter.toUpperCase()}`).trim();
}

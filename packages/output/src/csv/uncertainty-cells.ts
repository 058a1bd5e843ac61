import type { BenchmarkReport } from "@core/benchmark";
import type { DistributionSummary, StatusDistributionSummary } from "@core/metrics";
import { type CsvCell, floatText } from "./csv-cell.js";
import { CSV_STATUSES } from "./statistic-cells.js";

const GROUP = "Measurement Uncertainty";

/** Confidence intervals of the metrics that have them. */
export function uncertaintyCells({ config, metrics }: BenchmarkReport): CsvCell[] {
  const measured: readonly (readonly [string, StatusDistributionSummary | null])[] = [
    ["Request Latency", metrics.request_latency],
    ["Dispatch Delay", metrics.request_dispatch_delay],
    ["Scheduled Latency", metrics.request_scheduled_latency],
    ["Streaming Iterations", metrics.request_streaming_iterations_count],
    ["Time to First Token", metrics.time_to_first_token_ms],
    ["Time to First Output Token", metrics.time_to_first_output_token_ms],
    ["Time To Last Round Trip", metrics.time_to_last_round_trip_ms],
    ["Avg Round Trip Time", metrics.avg_round_trip_time_ms],
    ["Token Metrics Input Tokens", metrics.prompt_token_count],
    ["Token Metrics Output Tokens", metrics.output_token_count],
    ["Token Metrics Total Tokens", metrics.total_token_count],
  ];
  return [
    { group: GROUP, field: "Confidence Level", third: "", value: floatText(config.confidence) },
    ...measured.flatMap(([name, metric]) =>
      CSV_STATUSES.flatMap(([status, title]) =>
        metric === null || metric[status].total_sum === 0 ? [] : intervalCells(`${name} ${title}`, metric[status]),
      ),
    ),
  ];
}

function intervalCells(field: string, { mean_ci, percentile_cis }: DistributionSummary): CsvCell[] {
  const pairs = Object.entries(percentile_cis ?? {}).map(([name, interval]) => [
    name,
    interval === null ? null : [interval.lower, interval.upper],
  ]);
  return [
    {
      group: GROUP,
      field,
      third: "Mean CI",
      value: mean_ci === null ? "" : `[${floatText(mean_ci.lower)}, ${floatText(mean_ci.upper)}]`,
    },
    {
      group: GROUP,
      field,
      third: "Percentile CIs",
      value: percentile_cis === null ? "" : JSON.stringify(Object.fromEntries(pairs)),
    },
  ];
}

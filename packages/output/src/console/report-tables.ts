import type { BenchmarkReport } from "@core/benchmark";
import type { DistributionSummary } from "@core/metrics";
import { printable } from "../printable.js";
import { dropEmptyColumns } from "./drop-empty-columns.js";
import { decimalsFor, meanText, NO_VALUE, numberText, percentileText } from "./number-text.js";
import { objectiveTables } from "./objective-table.js";
import type { ColumnGroup, TextTable } from "./text-table.js";

type Benchmarks = readonly BenchmarkReport[];

/** Most characters of a server's message shown in the table of errors. */
const MESSAGE_CHARACTERS = 90;

/** All tables of a report that have something to show, in order. */
export function reportTables(benchmarks: Benchmarks): readonly TextTable[] {
  const figures = [summaryTable(benchmarks), throughputTable(benchmarks), ...latencyTables(benchmarks)];
  return [
    ...figures.flatMap((table) => dropEmptyColumns(table) ?? []),
    ...objectiveTables(benchmarks),
    ...errorTables(benchmarks),
  ];
}

function summaryTable(benchmarks: Benchmarks): TextTable {
  return {
    title: "Run",
    groups: [
      { title: "", columns: ["Load"] },
      { title: "Measured", columns: ["Start", "Seconds"] },
      { title: "Requests", columns: ["Done", "Cut", "Failed"] },
      { title: "Input tokens", columns: ["Per req", "Total"] },
      { title: "Output tokens", columns: ["Per req", "Total"] },
      { title: "", columns: ["Ended by"] },
    ],
    rows: benchmarks.map(({ metrics, ...benchmark }) => [
      benchmark.label,
      clockText(benchmark.start_time),
      numberText(benchmark.duration),
      String(metrics.request_totals.successful),
      String(metrics.request_totals.incomplete),
      String(metrics.request_totals.errored),
      numberText(metrics.prompt_token_count.successful.mean),
      tokensText(metrics.prompt_token_count.successful.total_sum, metrics.prompt_token_count.successful),
      numberText(metrics.output_token_count.successful.mean),
      tokensText(metrics.output_token_count.successful.total_sum, metrics.output_token_count.successful),
      benchmark.stop_reasons.map((reason) => reason.kind).join(", ") || "all done",
    ]),
  };
}

function throughputTable(benchmarks: Benchmarks): TextTable {
  const hasObjectives = benchmarks.some((benchmark) => benchmark.metrics.slo_objectives !== null);
  const goodput: readonly ColumnGroup[] = hasObjectives ? [{ title: "Goodput", columns: ["Meet %", "Req/s"] }] : [];
  return {
    title: "Throughput",
    groups: [
      { title: "", columns: ["Load"] },
      { title: "Requests", columns: ["Per s", "In flight"] },
      { title: "Tokens per second", columns: ["Input", "Output", "Total"] },
      { title: "Audio", columns: ["s per s"] },
      ...goodput,
    ],
    rows: benchmarks.map(({ label, metrics }) => [
      label,
      numberText(metrics.requests_per_second.successful.mean, 2),
      numberText(metrics.request_concurrency.total.mean, 1),
      tokensText(metrics.prompt_tokens_per_second.total.mean, metrics.prompt_token_count.total),
      tokensText(metrics.output_tokens_per_second.total.mean, metrics.output_token_count.total),
      tokensText(metrics.tokens_per_second.total.mean, metrics.total_token_count.total),
      numberText(metrics.audio.seconds.input_per_second?.total.mean),
      ...(hasObjectives ? goodputCells(metrics) : []),
    ]),
  };
}

/** A figure made of token counts. Where requests were made and none has a count, it is unknown and not 0. */
function tokensText(value: number | null, { count, undefined_count }: DistributionSummary): string {
  return numberText(count === 0 && undefined_count > 0 ? null : value, 0);
}

function goodputCells(metrics: BenchmarkReport["metrics"]): string[] {
  const share = metrics.slo_attainment;
  return [numberText(share === null ? null : share * 100), numberText(metrics.request_goodput?.total.mean, 2)];
}

interface LatencyColumn {
  readonly title: string;
  readonly of: (metrics: BenchmarkReport["metrics"]) => DistributionSummary;
}

function latencyTables(benchmarks: Benchmarks): readonly TextTable[] {
  return [
    latencyTable(benchmarks, "Latency of completed requests", [
      { title: "Time to first token, ms", of: (metrics) => metrics.time_to_first_token_ms.successful },
      { title: "Request latency, s", of: (metrics) => metrics.request_latency.successful },
    ]),
    latencyTable(benchmarks, "Tokens of completed requests", [
      { title: "Inter-token latency, ms", of: (metrics) => metrics.inter_token_latency_ms.successful },
      { title: "Gap between tokens, ms", of: (metrics) => metrics.inter_token_gap_ms.successful },
    ]),
  ];
}

function latencyTable(benchmarks: Benchmarks, title: string, columns: readonly LatencyColumn[]): TextTable {
  const decimals = columns.map(({ of }) => decimalsFor(benchmarks.map(({ metrics }) => of(metrics).mean)));
  const rows = benchmarks.map(({ label, metrics }) => [
    label,
    ...columns.flatMap(({ of }, at) => latencyCells(of(metrics), decimals[at] ?? 1)),
  ]);
  const starred = rows.some((row) => row.some((cell) => cell.endsWith("*")));
  return {
    title,
    groups: [
      { title: "", columns: ["Load"] },
      ...columns.map((column) => ({ title: column.title, columns: ["mean", "p50", "p95", "p99"] })),
    ],
    rows,
    ...(starred ? { footnote: "* too few requests to say how far off this percentile may be" } : {}),
  };
}

function latencyCells(summary: DistributionSummary, decimals: number): string[] {
  return [
    meanText(summary, decimals),
    percentileText(summary, "p50", decimals),
    percentileText(summary, "p95", decimals),
    percentileText(summary, "p99", decimals),
  ];
}

function errorTables(benchmarks: Benchmarks): readonly TextTable[] {
  const rows = benchmarks.flatMap(({ label, failures }) =>
    failures.map((failure) => [
      label,
      printable(failure.code),
      String(failure.count),
      failure.phase,
      failure.status === null ? NO_VALUE : String(failure.status),
      printable(failure.message, MESSAGE_CHARACTERS),
    ]),
  );
  if (rows.length === 0) return [];
  const columns = ["Load", "Error", "Count", "Phase", "Status", "First message"];
  return [{ title: "Failed requests", groups: columns.map((column) => ({ title: "", columns: [column] })), rows }];
}

function clockText(epochSeconds: number): string {
  return new Date(epochSeconds * 1e3).toTimeString().slice(0, 8);
}

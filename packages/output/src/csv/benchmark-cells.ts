import type { BenchmarkReport, ReportDocument } from "@core/benchmark";
import { type CsvCell, floatText, timeText } from "./csv-cell.js";
import { metricCells } from "./metric-cells.js";
import { schedulerCells } from "./scheduler-cells.js";
import { uncertaintyCells } from "./uncertainty-cells.js";

/** All cells of one benchmark in the order of the file. */
export function benchmarkCells(report: ReportDocument, benchmark: BenchmarkReport): readonly CsvCell[] {
  return [
    ...runCells(benchmark),
    ...timingCells(benchmark),
    ...countCells(benchmark),
    ...metricCells(benchmark.metrics),
    ...schedulerCells(benchmark),
    { group: "Runtime Info", field: "Metadata", third: "", value: json(report.metadata) },
    { group: "Runtime Info", field: "Arguments", third: "", value: json(report.config) },
    ...uncertaintyCells(benchmark),
    ...validityCells(benchmark),
  ];
}

function validityCells({ validity }: BenchmarkReport): CsvCell[] {
  const cell = (field: string, value: string, third = ""): CsvCell => ({ group: "Validity", field, third, value });
  return [
    cell("Verdict", validity.verdict),
    cell("Reasons", validity.reasons.map(({ code }) => code).join(" ")),
    cell("TTFT Error Bound", floatText(validity.ttft_error_bound_ms), "ms"),
  ];
}

function runCells({ config, type_, label }: BenchmarkReport): CsvCell[] {
  const run = (field: string, value: string): CsvCell => ({ group: "Run Info", field, third: "", value });
  const benchmark = (field: string, value: string): CsvCell => ({ group: "Benchmark", field, third: "", value });
  return [
    run("Run ID", config.run_id),
    run("Run Index", String(config.run_index)),
    run("Profile", json(config.profile)),
    run("Requests", json(config.requests)),
    run("Backend", json(config.backend)),
    run("Environment", json(config.environment)),
    benchmark("Type", type_),
    benchmark("ID", config.id_),
    benchmark("Strategy", label),
    benchmark("Constraints", json(config.constraints)),
  ];
}

function timingCells({ scheduler_metrics: times, ...benchmark }: BenchmarkReport): CsvCell[] {
  const cell = (field: string, value: string, third = ""): CsvCell => ({ group: "Timings", field, third, value });
  return [
    cell("Start Time", timeText(times.start_time)),
    cell("Request Start Time", timeText(times.request_start_time)),
    cell("Measure Start Time", timeText(times.measure_start_time)),
    cell("Measure End Time", timeText(times.measure_end_time)),
    cell("Request End Time", timeText(times.request_end_time)),
    cell("End Time", timeText(times.end_time)),
    cell("Duration", floatText(benchmark.duration), "Sec"),
    cell("Warmup", floatText(benchmark.warmup_duration), "Sec"),
    cell("Cooldown", floatText(benchmark.cooldown_duration), "Sec"),
  ];
}

function countCells({ metrics: { request_totals: totals } }: BenchmarkReport): CsvCell[] {
  const cell = (field: string, count: number): CsvCell => ({
    group: "Request Counts",
    field,
    third: "",
    value: String(count),
  });
  return [
    cell("Successful", totals.successful),
    cell("Incomplete", totals.incomplete),
    cell("Errored", totals.errored),
    cell("Total", totals.total),
  ];
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? "";
}

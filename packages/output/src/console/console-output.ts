import type { BenchmarkReport, Conclusion, ReportDocument } from "@core/benchmark";
import { Output, type OutputContext } from "../output.js";
import { printable } from "../printable.js";
import { fitTable } from "./fit-table.js";
import { reportTables } from "./report-tables.js";
import { drawTable } from "./text-table.js";

/** Prints tables and warnings for a person. */
export class ConsoleOutput extends Output {
  override async write(report: ReportDocument, context: OutputContext): Promise<null> {
    context.print(consoleText(report, context.columns));
    return null;
  }
}

/** The text that {@link ConsoleOutput} prints. */
function consoleText(report: ReportDocument, columns: number | null): string {
  if (report.benchmarks.length === 0) return "No benchmark was completed.\n";
  const tables = reportTables(report.benchmarks).flatMap((table) =>
    fitTable(table, columns ?? Number.POSITIVE_INFINITY),
  );
  const { benchmarks } = report;
  const answers = report.conclusions.map(answerBlock);
  const blocks = [...tables.map(drawTable), ...answers, ...benchmarks.flatMap(warningBlock), verdictBlock(benchmarks)];
  return `\n${blocks.join("\n\n")}\n`;
}

function answerBlock({ kind, summary }: Conclusion): string {
  const title = kind.replaceAll("_", " ");
  return [title[0]?.toUpperCase() + title.slice(1), ...summary.map((sentence) => ` ${printable(sentence)}`)].join("\n");
}

const MARKS = { info: "·", suspect: "⚠", invalid: "✗" } as const;

function warningBlock({ label, warnings }: BenchmarkReport): string[] {
  if (warnings.length === 0) return [];
  const lines = warnings.flatMap(({ severity, message, note }) => [
    `  ${MARKS[severity]} ${printable(message)}`,
    ...(note === "" ? [] : [`    ${printable(note)}`]),
  ]);
  return [[`Warnings (${label})`, ...lines].join("\n")];
}

/** Whether the numbers can be those of the server: one line where all of them can. */
function verdictBlock(benchmarks: readonly BenchmarkReport[]): string {
  const doubtful = benchmarks.filter(({ validity }) => validity.verdict !== "valid");
  if (doubtful.length === 0) return `Verdict: valid${addedText(benchmarks)}`;
  const lines = doubtful.map(({ label, validity }) => {
    const codes = validity.reasons.map(({ code }) => printable(code)).join(", ");
    return `  ${validity.verdict === "valid" ? " " : MARKS[validity.verdict]} ${label}: ${validity.verdict} (${codes})`;
  });
  const rest = benchmarks.length - doubtful.length;
  return ["Verdict", ...lines, ...(rest === 0 ? [] : [`  ${rest} other${rest === 1 ? "" : "s"}: valid`])].join("\n");
}

function addedText(benchmarks: readonly BenchmarkReport[]): string {
  const bounds = benchmarks.map(({ validity }) => validity.ttft_error_bound_ms).filter((bound) => bound !== null);
  const hasStreams = benchmarks.some(({ metrics }) => metrics.time_to_first_token_ms.successful.count > 0);
  if (bounds.length === 0) {
    return `; too short to say what this client added to the ${hasStreams ? "times to first token" : "latencies"}.`;
  }
  const what = hasStreams ? "time to first token" : "latency";
  return `; this client added at most ${Math.max(...bounds).toFixed(2)} ms to a mean ${what}.`;
}

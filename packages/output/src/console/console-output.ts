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
  const answers = report.conclusions.map(answerBlock);
  const blocks = [...tables.map(drawTable), ...answers, ...report.benchmarks.flatMap(warningBlock)];
  return `\n${blocks.join("\n\n")}\n`;
}

function answerBlock({ kind, summary }: Conclusion): string {
  const title = kind.replaceAll("_", " ");
  return [title[0]?.toUpperCase() + title.slice(1), ...summary.map((sentence) => ` ${printable(sentence)}`)].join("\n");
}

function warningBlock({ label, warnings }: BenchmarkReport): string[] {
  if (warnings.length === 0) return [];
  const lines = warnings.flatMap(({ message, note }) => [
    `  ⚠ ${printable(message)}`,
    ...(note === "" ? [] : [`    ${printable(note)}`]),
  ]);
  return [[`Warnings (${label})`, ...lines].join("\n")];
}

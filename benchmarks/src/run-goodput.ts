import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandResult, GOODPUT, run } from "./command.ts";

/** The parts of the report that benchmarks compare with the truth. */
export interface ReportedBenchmark {
  readonly metrics: {
    readonly request_totals: { readonly successful: number; readonly errored: number; readonly incomplete: number };
    readonly time_to_first_token_ms: {
      readonly successful: { readonly mean: number; readonly percentiles: { readonly p95: number } };
    };
    readonly output_tokens_per_second: { readonly successful: { readonly mean: number } };
    readonly request_latency: { readonly successful: { readonly mean: number } };
    readonly inter_token_gap_ms: {
      readonly successful: { readonly mean: number; readonly percentiles: { readonly p99: number } };
    };
    readonly output_token_count: { readonly successful: { readonly total_sum: number } };
  };
}

/** One run of the command with its report. */
export interface GoodputRun {
  readonly command: CommandResult;
  readonly benchmarks: readonly ReportedBenchmark[];
}

/** Runs `goodput run` with the given words, console off, and reads the report. Throws when the command fails. */
export async function runGoodput(words: readonly string[], cpu: number | null): Promise<GoodputRun> {
  const folder = await mkdtemp(join(tmpdir(), "goodput-benchmark-"));
  try {
    const fixed = ["--output", "kind=json", "--output-dir", folder, "--disable-console"];
    const command = await run([GOODPUT, "run", ...words, ...fixed], cpu);
    if (command.code !== 0) throw new Error(`goodput ended with ${command.code}: ${command.stderr}`);
    const report = JSON.parse(await readFile(join(folder, "benchmarks.json"), "utf8"));
    return { command, benchmarks: report.benchmarks };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

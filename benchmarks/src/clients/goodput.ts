import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandResult, GOODPUT, run } from "../command.ts";
import type { Client } from "./client.ts";

interface ReportedDistribution {
  readonly successful: {
    readonly mean: number;
    readonly percentiles: { readonly p50: number; readonly p95: number; readonly p99: number };
    readonly total_sum: number;
  };
}

/** The parts of the report that benchmarks compare with the truth. */
export interface ReportedBenchmark {
  readonly metrics: {
    readonly request_totals: { readonly successful: number; readonly errored: number; readonly incomplete: number };
    readonly time_to_first_token_ms: ReportedDistribution;
    readonly output_tokens_per_second: ReportedDistribution;
    readonly request_latency: ReportedDistribution;
    readonly inter_token_gap_ms: ReportedDistribution;
    readonly inter_token_latency_ms: ReportedDistribution;
    readonly prompt_token_count: ReportedDistribution;
    readonly output_token_count: ReportedDistribution;
  };
  readonly token_accounting: {
    readonly engine: {
      readonly requests: number;
      readonly prompt_tokens: number;
      readonly output_tokens: number;
    } | null;
  };
  readonly validity: {
    readonly verdict: string;
    readonly ttft_error_bound_ms: number | null;
    readonly reasons: readonly { readonly code: string }[];
  };
}

/** One run of the command with its report. */
interface GoodputRun {
  readonly command: CommandResult;
  readonly benchmarks: readonly ReportedBenchmark[];
}

/** This project's command. */
export const goodput: Client = {
  name: "goodput",
  async run({ url, streams, requestsPerStream, tokens, cpu, workers }) {
    const { command, benchmarks } = await runGoodput(
      [
        ...["--backend", `kind=openai_http,target=${url},request_format=/v1/completions,verify=false`],
        ...["--profile", `kind=concurrent,streams=${streams}`],
        ...["--constraint", `kind=max_requests,count=${streams * requestsPerStream}`],
        ...["--data", `kind=synthetic_text,prompt_tokens=64,output_tokens=${tokens}`],
        ...["--workers", String(workers)],
      ],
      cpu,
    );
    const metrics = benchmarks[0]?.metrics;
    if (metrics === undefined) throw new Error("the report holds no benchmark");
    return {
      command,
      ttftMeanMs: metrics.time_to_first_token_ms.successful.mean,
      gapMeanMs: metrics.inter_token_gap_ms.successful.mean,
      gapP99Ms: metrics.inter_token_gap_ms.successful.percentiles.p99,
      requests: metrics.request_totals.successful,
      tokens: metrics.output_token_count.successful.total_sum,
    };
  },
};

/** Runs `goodput run` with the given words, console off, and reads the report. Throws when the command fails. */
export async function runGoodput(words: readonly string[], cpu: number | null): Promise<GoodputRun> {
  const folder = await mkdtemp(join(tmpdir(), "goodput-benchmark-"));
  try {
    const fixed = ["--output", "kind=json", "--output-dir", folder, "--disable-console", "--fail-on-invalid", "false"];
    const command = await run([GOODPUT, "run", ...words, ...fixed], cpu);
    if (command.code !== 0) throw new Error(`goodput ended with ${command.code}: ${command.stderr}`);
    const report = JSON.parse(await readFile(join(folder, "benchmarks.json"), "utf8"));
    return { command, benchmarks: report.benchmarks };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { isDeepStrictEqual } from "node:util";
import { type ReportedBenchmark, runGoodput } from "../clients/goodput.ts";
import type { Measure, MeasureRow } from "../measures/measure.ts";
import { countedSince, type EngineCount, sumOfCounts } from "./engine-count.ts";
import { CORES } from "./engine-options.ts";

/** Requests of each of the two benchmarks of a run; the first one warms the engine up. */
export const REQUESTS = 200;
export const STREAMS = 4;
const BENCHMARKS = 2;
const PROMPT_TOKENS = 64;
const OUTPUT_TOKENS = 64;

/** Columns of {@link LoadOutcome.row}. */
export const LOAD_HEADER = [
  ...["through", "done", "tokens/s", "TTFT ms mean", "p50", "p99", "gap ms mean", "p99", "ITL ms mean", "p99"],
  ...["latency s mean", "client"],
] as const;

/** What came of one load. */
export interface LoadOutcome {
  readonly row: MeasureRow;
  /** What the report says of the whole run. */
  readonly reported: EngineCount;
  /** What the engine counted. */
  readonly counted: EngineCount;
  /** What is not as it must be. */
  readonly problems: readonly string[];
}

/** How an engine is reached. */
export interface LoadTarget {
  /** Folder whose tokenizer makes the prompts. */
  readonly model: string;
  /** The backend, as words of the command. */
  readonly words: readonly string[];
  /** Reads the engine's totals from outside; null where the report holds them. */
  readonly readTotals: (() => Promise<EngineCount>) | null;
}

/** Puts the same load on an engine however it is reached, and compares the report with the engine's own counters. */
export async function load(name: string, { model, words, readTotals }: LoadTarget): Promise<LoadOutcome> {
  const profile = JSON.stringify({ kind: "concurrent", streams: Array(BENCHMARKS).fill(STREAMS) });
  const before = await readTotals?.();
  const { benchmarks } = await runGoodput(
    [
      ...words,
      ...["--profile", profile, "--constraint", `kind=max_requests,count=${REQUESTS}`],
      ...["--tokenizer", `kind=huggingface_auto,model=${model}`],
      ...["--data", `kind=synthetic_text,prompt_tokens=${PROMPT_TOKENS},output_tokens=${OUTPUT_TOKENS}`],
    ],
    CORES?.client ?? null,
  );
  const after = await readTotals?.();
  const reported = sumOfCounts(benchmarks.map(reportedCount));
  const counted =
    before === undefined || after === undefined
      ? sumOfCounts(benchmarks.map(engineCount))
      : countedSince(before, after);
  const problems = benchmarks.flatMap(incompleteRequests);
  if (benchmarks.length !== BENCHMARKS) problems.push(`there are ${benchmarks.length} of ${BENCHMARKS} benchmarks`);
  if (!isDeepStrictEqual(reported, counted)) problems.push("the engine's counters are not those of the report");
  return { row: rowOf(name, benchmarks.at(-1)), reported, counted, problems };
}

function reportedCount({ metrics }: ReportedBenchmark): EngineCount {
  return {
    requests: metrics.request_totals.successful,
    prompt_tokens: metrics.prompt_token_count.successful.total_sum,
    output_tokens: metrics.output_token_count.successful.total_sum,
  };
}

function engineCount({ token_accounting }: ReportedBenchmark): EngineCount {
  if (token_accounting.engine === null) throw new Error("the report holds no counters of the engine");
  return token_accounting.engine;
}

function incompleteRequests({ metrics }: ReportedBenchmark): readonly string[] {
  const { successful, errored, incomplete: cut } = metrics.request_totals;
  if (successful === REQUESTS && errored + cut === 0) return [];
  return [`${successful} of ${REQUESTS} requests were completed, ${errored} failed, ${cut} were cut`];
}

function rowOf(name: string, benchmark: ReportedBenchmark | undefined): MeasureRow {
  if (benchmark === undefined) throw new Error("the report holds no benchmark");
  const { metrics, validity } = benchmark;
  const { successful: ttft } = metrics.time_to_first_token_ms;
  const { successful: gap } = metrics.inter_token_gap_ms;
  const { successful: itl } = metrics.inter_token_latency_ms;
  return {
    name,
    figures: [
      metrics.request_totals.successful,
      metrics.output_tokens_per_second.successful.mean,
      ...[ttft.mean, ttft.percentiles.p50, ttft.percentiles.p99],
      ...[gap.mean, gap.percentiles.p99],
      ...[itl.mean, itl.percentiles.p99],
      metrics.request_latency.successful.mean,
    ],
    note: validity.verdict,
  };
}

/** What the report and the engine count, side by side. */
export function countMeasure(outcomes: readonly LoadOutcome[]): Measure {
  return {
    id: "real-vllm-counts",
    title: `what the report counts, and the engine, over all ${BENCHMARKS * REQUESTS} requests`,
    header: ["through", "requests", "engine", "prompt tokens", "engine", "output tokens", "engine"],
    rows: outcomes.map(({ row, reported, counted }) => ({
      name: row.name,
      figures: [
        ...[reported.requests, counted.requests],
        ...[reported.prompt_tokens, counted.prompt_tokens],
        ...[reported.output_tokens, counted.output_tokens],
      ],
    })),
  };
}

import { runGoodput } from "../clients/goodput.ts";
import { quantile } from "../statistics.ts";
import type { TruthServer, TruthTiming } from "../truth-server.ts";
import type { Cores, Measure, MeasureRow } from "./measure.ts";

/** How often the bound that a report states for its mean time to first token holds the true error, run by run. */
export async function measureErrorBound(
  server: TruthServer,
  timing: TruthTiming,
  cores: Cores,
  runs: number,
): Promise<Measure> {
  const rows: MeasureRow[] = [];
  for (const streams of [1, 8, 64]) rows.push(await measure(streams));
  return {
    id: "error-bound",
    title: `true error of the mean TTFT against the stated bound, ${runs} runs each`,
    header: ["streams", "held %", "error ms p50", "error ms p95", "bound ms p50", "bound ms p95", "not valid"],
    rows,
  };

  async function measure(streams: number): Promise<MeasureRow> {
    const [errors, bounds]: [number[], number[]] = [[], []];
    let notValid = 0;
    for (let run = 0; run < runs; run += 1) {
      await server.reset();
      const { benchmarks } = await runGoodput(
        [
          ...["--backend", `kind=openai_http,target=${server.url},request_format=/v1/completions`],
          ...["--profile", `kind=concurrent,streams=${streams}`],
          ...["--constraint", `kind=max_requests,count=${Math.max(10, streams * 4)}`],
          ...["--data", `kind=synthetic_text,prompt_tokens=64,output_tokens=${timing.tokens}`, "--workers", "1"],
        ],
        cores.client,
      );
      const benchmark = benchmarks[0];
      if (benchmark === undefined) throw new Error("the report holds no benchmark");
      const { metrics, validity } = benchmark;
      errors.push(metrics.time_to_first_token_ms.successful.mean - (await server.truth()).ttftMeanMs);
      bounds.push(validity.ttft_error_bound_ms ?? Number.NaN);
      if (validity.verdict !== "valid") notValid += 1;
    }
    const held = errors.filter((error, run) => Math.abs(error) <= (bounds[run] ?? Number.NaN)).length;
    const spread = (values: readonly number[]) => [quantile(values, 0.5), quantile(values, 0.95)];
    return {
      name: String(streams),
      figures: [(100 * held) / runs, ...spread(errors), ...spread(bounds), notValid],
    };
  }
}

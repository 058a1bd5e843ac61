import type { ChildProcess } from "node:child_process";
import { runGoodput } from "../clients/goodput.ts";
import { start } from "../command.ts";
import type { TruthServer, TruthTiming } from "../truth-server.ts";
import type { Cores, Measure, MeasureRow } from "./measure.ts";

const STREAMS = 8;
/** Shares of the client's core that are taken; above 1 by several processes. */
const TAKEN = [0, 0.1, 0.25, 0.5, 0.75, 1, 2, 4];

/** What a process that takes the client's core does to the reported latencies, and whether the report says so. */
export async function measureStarvation(
  server: TruthServer,
  timing: TruthTiming,
  cores: Cores,
  requests: number,
): Promise<Measure> {
  const rows: MeasureRow[] = [];
  for (const taken of TAKEN) {
    const thieves = startThieves(taken, cores.client);
    try {
      rows.push(await measure(taken));
    } finally {
      for (const thief of thieves) thief.kill("SIGKILL");
    }
  }
  return {
    id: "starvation",
    title: `${STREAMS} streams while other processes take the client's core`,
    header: ["share taken", "true TTFT ms", "error ms", "error %", "bound ms", "bound %"],
    rows,
  };

  async function measure(taken: number): Promise<MeasureRow> {
    await server.reset();
    const { benchmarks } = await runGoodput(
      [
        ...["--backend", `kind=openai_http,target=${server.url},request_format=/v1/completions`],
        ...["--profile", `kind=concurrent,streams=${STREAMS}`, "--constraint", `kind=max_requests,count=${requests}`],
        ...["--data", `kind=synthetic_text,prompt_tokens=64,output_tokens=${timing.tokens}`, "--workers", "1"],
      ],
      cores.client,
    );
    const { ttftMeanMs } = await server.truth();
    const benchmark = benchmarks[0];
    if (benchmark === undefined) throw new Error("the report holds no benchmark");
    const { metrics, validity } = benchmark;
    const error = metrics.time_to_first_token_ms.successful.mean - ttftMeanMs;
    const bound = validity.ttft_error_bound_ms ?? Number.NaN;
    return {
      name: String(taken),
      figures: [ttftMeanMs, error, (100 * error) / ttftMeanMs, bound, (100 * bound) / ttftMeanMs],
      note: `${validity.verdict} ${validity.reasons.map(({ code }) => code).join(" ")}`,
    };
  }
}

/** Processes that keep the client's core busy for a share of each 20 ms. */
function startThieves(taken: number, cpu: number | null): readonly ChildProcess[] {
  const script = `const busy = Number(process.argv[1]) * 20;
    const until = (end) => { while (performance.now() < end); };
    if (busy >= 20) for (;;);
    setInterval(() => until(performance.now() + busy), 20);`;
  const shares = Array.from({ length: Math.ceil(taken) }, (_, at) => Math.min(1, taken - at));
  return shares.map((share) => start([process.execPath, "-e", script, String(share)], cpu));
}

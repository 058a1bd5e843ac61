// What a process that takes the client's core does to the reported latencies, and whether the report says so.
import type { ChildProcess } from "node:child_process";
import { parseArgs } from "node:util";
import { start } from "./command.ts";
import { runGoodput } from "./run-goodput.ts";
import { printTable } from "./statistics.ts";
import { startTruthServer } from "./truth-server.ts";

const { values } = parseArgs({
  options: {
    /** Shares of the client's core that are taken; above 1 by several processes. */
    taken: { type: "string", default: "0,0.1,0.25,0.5,0.75,1,2,4" },
    streams: { type: "string", default: "8" },
    requests: { type: "string", default: "160" },
    "ttft-ms": { type: "string", default: "50" },
    "server-cpu": { type: "string", default: "0" },
    "client-cpu": { type: "string", default: "1" },
  },
});
const clientCpu = Number(values["client-cpu"]);
const timing = { ttftMs: Number(values["ttft-ms"]), gapMs: 10, tokens: 30 };
const server = await startTruthServer(timing, Number(values["server-cpu"]));
const rows: string[][] = [];
try {
  for (const taken of values.taken.split(",").map(Number)) {
    const thieves = startThieves(taken);
    try {
      rows.push(await measure(taken));
    } finally {
      for (const thief of thieves) thief.kill("SIGKILL");
    }
  }
} finally {
  server.stop();
}
console.log(`${values.streams} streams against the ${server.name}, TTFT ${timing.ttftMs} ms, Node ${process.version}`);
printTable(["core taken", "true TTFT ms", "error ms", "error %", "bound ms", "bound %", "verdict", "reasons"], rows);

async function measure(taken: number): Promise<string[]> {
  await server.reset();
  const { benchmarks } = await runGoodput(
    [
      ...["--backend", `kind=openai_http,target=${server.url},request_format=/v1/completions`],
      ...["--profile", `kind=concurrent,streams=${values.streams}`],
      ...["--constraint", `kind=max_requests,count=${values.requests}`],
      ...["--data", `kind=synthetic_text,prompt_tokens=64,output_tokens=${timing.tokens}`],
      ...["--workers", "1"],
    ],
    clientCpu,
  );
  const truth = await server.truth();
  const benchmark = benchmarks[0];
  if (benchmark === undefined) throw new Error("the report holds no benchmark");
  const { metrics, validity } = benchmark;
  const error = metrics.time_to_first_token_ms.successful.mean - truth.ttftMeanMs;
  const percent = (ms: number | null) => (ms === null ? "--" : `${((100 * ms) / truth.ttftMeanMs).toFixed(1)} %`);
  return [
    String(taken),
    truth.ttftMeanMs.toFixed(2),
    error.toFixed(3),
    percent(error),
    validity.ttft_error_bound_ms?.toFixed(3) ?? "--",
    percent(validity.ttft_error_bound_ms),
    validity.verdict,
    validity.reasons.map(({ code }) => code).join(" "),
  ];
}

/** Processes that keep the client's core busy for a share of each 20 ms. */
function startThieves(taken: number): readonly ChildProcess[] {
  const script = `const busy = Number(process.argv[1]) * 20;
    const until = (end) => { while (performance.now() < end); };
    if (busy >= 20) for (;;);
    setInterval(() => until(performance.now() + busy), 20);`;
  const shares = Array.from({ length: Math.ceil(taken) }, (_, at) => Math.min(1, taken - at));
  return shares.map((share) => start([process.execPath, "-e", script, String(share)], clientCpu));
}

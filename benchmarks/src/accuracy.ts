// How far the reported latencies are from what the server knows it did, by number of streams.
import { parseArgs } from "node:util";
import { runGoodput } from "./run-goodput.ts";
import { printTable } from "./statistics.ts";
import { startTruthServer } from "./truth-server.ts";

const { values } = parseArgs({
  options: {
    streams: { type: "string", default: "1,10,100" },
    "requests-per-stream": { type: "string", default: "5" },
    "server-cpu": { type: "string", default: "0" },
    "client-cpu": { type: "string", default: "1" },
    workers: { type: "string", default: "1" },
  },
});
const timing = { ttftMs: 50, gapMs: 10, tokens: 100 };
const server = await startTruthServer(timing, Number(values["server-cpu"]));
const rows: string[][] = [];
try {
  for (const streams of values.streams.split(",").map(Number)) {
    await server.reset();
    const requests = streams * Number(values["requests-per-stream"]);
    const { command, benchmarks } = await runGoodput(
      [
        ...["--backend", `kind=openai_http,target=${server.url},request_format=/v1/completions`],
        ...["--profile", `kind=concurrent,streams=${streams}`],
        ...["--constraint", `kind=max_requests,count=${requests}`],
        ...["--data", `kind=synthetic_text,prompt_tokens=64,output_tokens=${timing.tokens}`],
        ...["--workers", values.workers],
      ],
      Number(values["client-cpu"]),
    );
    const truth = await server.truth();
    const metrics = benchmarks[0]?.metrics;
    if (metrics === undefined) throw new Error("the report holds no benchmark");
    const reported = metrics.time_to_first_token_ms.successful.mean;
    const gap = metrics.inter_token_gap_ms.successful;
    const tokens = metrics.output_token_count.successful.total_sum;
    rows.push([
      String(streams),
      truth.ttftMeanMs.toFixed(3),
      (reported - truth.ttftMeanMs).toFixed(3),
      `${(100 * (gap.mean / truth.gapMeanMs - 1)).toFixed(3)} %`,
      `${truth.gapP99Ms.toFixed(2)} / ${gap.percentiles.p99.toFixed(2)}`,
      `${metrics.request_totals.successful}/${truth.completed}`,
      `${tokens}/${truth.tokens}`,
      ((command.cpuSeconds * 1e6) / truth.tokens).toFixed(1),
    ]);
  }
} finally {
  server.stop();
}
console.log(
  `accuracy against the ${server.name}; TTFT ${timing.ttftMs} ms, gap ${timing.gapMs} ms, Node ${process.version}`,
);
printTable(
  [
    "streams",
    "true TTFT ms",
    "TTFT error ms",
    "gap error",
    "gap p99 true/reported",
    "requests",
    "tokens",
    "CPU us/token",
  ],
  rows,
);

// How well arrivals at the server keep the schedule: deviation from the grid for constant rates, index of dispersion for Poisson.
import { parseArgs } from "node:util";
import { runGoodput } from "./run-goodput.ts";
import { printTable, quantile } from "./statistics.ts";
import { startTruthServer } from "./truth-server.ts";

const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "100" },
    requests: { type: "string", default: "1000" },
    "server-cpu": { type: "string", default: "0" },
    "client-cpu": { type: "string", default: "1" },
    workers: { type: "string", default: "1" },
  },
});
const rate = Number(values.rate);
const server = await startTruthServer({ ttftMs: 5, gapMs: 1, tokens: 4 }, Number(values["server-cpu"]));
try {
  await runGoodput(
    [
      ...["--backend", `kind=openai_http,target=${server.url},request_format=/v1/completions`],
      ...["--profile", `kind=constant,rate=${rate}`],
      ...["--constraint", `kind=max_requests,count=${values.requests}`],
      ...["--data", "kind=synthetic_text,prompt_tokens=64,output_tokens=4"],
      ...["--workers", values.workers],
    ],
    Number(values["client-cpu"]),
  );
  const { arrivalsNs, requests } = await server.truth();
  const deviations = gridDeviationsMs(arrivalsNs, 1e9 / rate);
  console.log(`constant ${rate}/s at the ${server.name}: ${requests} arrivals`);
  printTable(
    ["deviation p50 ms", "p99 ms", "max ms"],
    [[quantile(deviations, 0.5).toFixed(3), quantile(deviations, 0.99).toFixed(3), Math.max(...deviations).toFixed(3)]],
  );
} finally {
  server.stop();
}

/** Distance of each arrival from the best-fitting grid of the given step (offset by the median), milliseconds. */
function gridDeviationsMs(arrivalsNs: readonly number[], stepNs: number): number[] {
  const origin = arrivalsNs[0] ?? 0;
  const offsets = arrivalsNs.map((at, index) => at - origin - index * stepNs);
  const middle = quantile(offsets, 0.5);
  return offsets.map((offset) => Math.abs(offset - middle) / 1e6);
}

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
    /** Or poisson. */
    arrivals: { type: "string", default: "constant" },
    workers: { type: "string", default: "1" },
  },
});
/** Windows long enough to hold this many arrivals on average. */
const ARRIVALS_A_WINDOW = 25;

const rate = Number(values.rate);
const server = await startTruthServer({ ttftMs: 5, gapMs: 1, tokens: 4 }, Number(values["server-cpu"]));
try {
  await runGoodput(
    [
      ...["--backend", `kind=openai_http,target=${server.url},request_format=/v1/completions`],
      ...["--profile", `kind=${values.arrivals},rate=${rate}`],
      ...["--constraint", `kind=max_requests,count=${values.requests}`],
      ...["--data", "kind=synthetic_text,prompt_tokens=64,output_tokens=4"],
      ...["--workers", values.workers],
    ],
    Number(values["client-cpu"]),
  );
  const { arrivalsNs, requests } = await server.truth();
  console.log(`${values.arrivals} ${rate}/s, ${values.workers} workers, at the ${server.name}: ${requests} arrivals`);
  if (values.arrivals === "poisson") {
    const index = indexOfDispersion(arrivalsNs, (ARRIVALS_A_WINDOW * 1e9) / rate);
    printTable(["index of dispersion"], [[index.toFixed(3)]]);
  } else {
    const deviations = gridDeviationsMs(arrivalsNs, 1e9 / rate);
    const [middle, high] = [quantile(deviations, 0.5), quantile(deviations, 0.99)];
    printTable(
      ["deviation p50 ms", "p99 ms", "max ms"],
      [[middle.toFixed(3), high.toFixed(3), Math.max(...deviations).toFixed(3)]],
    );
  }
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

/** Variance of the arrivals in windows of equal length over their mean: 1 for a Poisson process. */
function indexOfDispersion(arrivalsNs: readonly number[], windowNs: number): number {
  const [first = 0, last = 0] = [arrivalsNs[0], arrivalsNs.at(-1)];
  const counts = Array.from({ length: Math.floor((last - first) / windowNs) }, () => 0);
  for (const at of arrivalsNs) {
    const window = Math.floor((at - first) / windowNs);
    if (window < counts.length) counts[window] = (counts[window] ?? 0) + 1;
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1) / mean;
}

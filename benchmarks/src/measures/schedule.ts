import { runGoodput } from "../clients/goodput.ts";
import { quantile } from "../statistics.ts";
import { startTruthServer } from "../truth-server.ts";
import type { Cores, Measure, MeasureRow } from "./measure.ts";

/** Windows long enough to hold this many arrivals on average. */
const ARRIVALS_A_WINDOW = 25;

/** Arrivals of one kind at one rate. */
interface Arrivals {
  readonly kind: "constant" | "poisson";
  /** Per second. */
  readonly rate: number;
  readonly requests: number;
  readonly workers: number;
}

/** How well arrivals at the server keep the schedule: distance from the grid of constant rates, dispersion of Poisson. */
export async function measureSchedule(cores: Cores, quick: boolean): Promise<Measure> {
  const requests = quick ? 400 : 2000;
  const plans: readonly Arrivals[] = [
    { kind: "constant", rate: 100, requests: requests / 2, workers: 1 },
    { kind: "constant", rate: 200, requests, workers: 1 },
    { kind: "constant", rate: 200, requests, workers: 2 },
    { kind: "poisson", rate: 500, requests: requests * 5, workers: 1 },
    { kind: "poisson", rate: 500, requests: requests * 5, workers: 2 },
  ];
  const rows: MeasureRow[] = [];
  for (const plan of plans) rows.push({ name: nameOf(plan), figures: await arrive(plan, cores) });
  const header = ["arrivals, workers", "off the grid p50 ms", "p99 ms", "max ms", "index of dispersion"];
  return { id: "schedule", title: "arrivals at the server", header, rows };
}

function nameOf({ kind, rate, workers }: Arrivals): string {
  return `${kind} ${rate}/s, ${workers}`;
}

async function arrive({ kind, rate, requests, workers }: Arrivals, cores: Cores): Promise<readonly number[]> {
  const server = await startTruthServer({ ttftMs: 5, gapMs: 1, tokens: 4 }, cores.server);
  try {
    await runGoodput(
      [
        ...["--backend", `kind=openai_http,target=${server.url},request_format=/v1/completions`],
        ...["--profile", `kind=${kind},rate=${rate}`, "--constraint", `kind=max_requests,count=${requests}`],
        ...["--data", "kind=synthetic_text,prompt_tokens=64,output_tokens=4", "--workers", String(workers)],
      ],
      workers > 1 ? null : cores.client,
    );
    const { arrivalsNs } = await server.truth();
    if (arrivalsNs.length !== requests) throw new Error(`${arrivalsNs.length} of ${requests} requests arrived`);
    if (kind === "poisson") {
      return [Number.NaN, Number.NaN, Number.NaN, indexOfDispersion(arrivalsNs, (ARRIVALS_A_WINDOW * 1e9) / rate)];
    }
    const deviations = gridDeviationsMs(arrivalsNs, 1e9 / rate);
    return [quantile(deviations, 0.5), quantile(deviations, 0.99), Math.max(...deviations), Number.NaN];
  } finally {
    server.stop();
  }
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

import { fitLine } from "./line-fit.js";

/** One measured level. */
export interface LevelThroughput {
  readonly streams: number;
  /** Tokens per second; null when it was not measured. */
  readonly throughput: number | null;
}

/** Where throughput stops growing with the number of streams; the figures are null unless `status` is `ok`. */
export interface Knee {
  readonly status: "ok" | "no_knee";
  readonly reason: string | null;
  /** Streams, not necessarily whole. */
  readonly knee: number | null;
  /** First measured level at or above the knee. */
  readonly saturation_concurrency: number | null;
  /** Level at which the two lines meet in the best fit. */
  readonly breakpoint_concurrency: number | null;
  /** Slope before the knee, both axes scaled to 0 … 1. */
  readonly pre_slope: number | null;
  readonly tail_slope: number | null;
  readonly slope_ratio: number | null;
  /** Share of the error of a single line that two lines remove. */
  readonly fit_improvement: number | null;
  /** Throughput at the breakpoint, as a share of the highest. */
  readonly throughput_fraction: number | null;
}

const LEAST_LEVELS = 5;
const LINEAR_ERROR = 1e-12;
const PARALLEL = 1e-12;
const MOST_SLOPE_RATIO = 0.25;
const LEAST_IMPROVEMENT = 0.5;
const LEAST_FRACTION = 0.85;

/**
 * Finds the knee of throughput over streams by two least-squares lines that share a measured point: the rules and
 * thresholds of GuideLLM 0.8.1.
 *
 * @param scale - `log` measures distances between levels by their ratio, which suits levels that double.
 */
export function findKnee(levels: readonly LevelThroughput[], scale: "linear" | "log" = "linear"): Knee {
  const { x, y } = averageByLevel(levels);
  if (x.length < LEAST_LEVELS) return noKnee(`at least ${LEAST_LEVELS} levels are needed, ${x.length} were measured`);
  const along = scale === "log" ? x.map(Math.log) : x;
  const rangeX = range(along);
  const rangeY = range(y);
  if (rangeY.length === 0) return noKnee("throughput is the same at all levels");
  const unitX = along.map((value) => (value - rangeX.low) / rangeX.length);
  const unitY = y.map((value) => (value - rangeY.low) / rangeY.length);
  const single = fitLine(unitX, unitY).squaredError;
  if (single <= LINEAR_ERROR) return noKnee("throughput grows approximately linearly up to the highest level");
  const best = bestBreakpoint(unitX, unitY, { single, raw: y });
  if (best === null) return noKnee("no point separates growth from a flat tail");
  const unitKnee = crossing(best, unitX);
  const kneeAlong = rangeX.low + unitKnee * rangeX.length;
  const reached = along.findIndex((value) => value >= kneeAlong - 1e-9 * rangeX.length);
  return {
    status: "ok",
    reason: null,
    knee: scale === "log" ? Math.exp(kneeAlong) : kneeAlong,
    saturation_concurrency: x[reached === -1 ? x.length - 1 : reached] ?? null,
    breakpoint_concurrency: x[best.at] ?? null,
    pre_slope: best.before.slope,
    tail_slope: best.tail.slope,
    slope_ratio: best.tail.slope / best.before.slope,
    fit_improvement: best.improvement,
    throughput_fraction: best.fraction,
  };
}

interface Breakpoint {
  readonly at: number;
  readonly before: ReturnType<typeof fitLine>;
  readonly tail: ReturnType<typeof fitLine>;
  readonly improvement: number;
  readonly fraction: number;
}

function bestBreakpoint(
  x: readonly number[],
  y: readonly number[],
  { single, raw }: { readonly single: number; readonly raw: readonly number[] },
): Breakpoint | null {
  const highest = Math.max(...raw);
  const last = x.length === LEAST_LEVELS ? x.length - 2 : x.length - 3;
  let best: Breakpoint | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 2; at <= last; at += 1) {
    const before = fitLine(x.slice(0, at + 1), y.slice(0, at + 1));
    const tail = fitLine(x.slice(at), y.slice(at));
    const error = before.squaredError + tail.squaredError;
    const improvement = 1 - error / single;
    const fraction = (raw[at] ?? 0) / highest;
    const bends = before.slope > 0 && tail.slope / before.slope <= MOST_SLOPE_RATIO;
    if (!bends || improvement < LEAST_IMPROVEMENT || fraction < LEAST_FRACTION || error >= least) continue;
    least = error;
    best = { at, before, tail, improvement, fraction };
  }
  return best;
}

/** Where the two lines cross, kept between the neighbours of the breakpoint. */
function crossing({ at, before, tail }: Breakpoint, x: readonly number[]): number {
  const own = x[at] ?? Number.NaN;
  const difference = before.slope - tail.slope;
  if (difference <= PARALLEL) return own;
  const found = (tail.intercept - before.intercept) / difference;
  return found >= (x[at - 1] ?? own) && found <= (x[at + 1] ?? own) ? found : own;
}

function averageByLevel(levels: readonly LevelThroughput[]): { readonly x: number[]; readonly y: number[] } {
  const byLevel = new Map<number, number[]>();
  for (const { streams, throughput } of levels) {
    if (throughput === null) continue;
    byLevel.set(streams, [...(byLevel.get(streams) ?? []), throughput]);
  }
  const x = [...byLevel.keys()].sort((left, right) => left - right);
  const y = x.map((streams) => {
    const values = byLevel.get(streams) ?? [];
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
  return { x, y };
}

function range(values: readonly number[]): { readonly low: number; readonly length: number } {
  const low = Math.min(...values);
  return { low, length: Math.max(...values) - low };
}

function noKnee(reason: string): Knee {
  return {
    status: "no_knee",
    reason,
    knee: null,
    saturation_concurrency: null,
    breakpoint_concurrency: null,
    pre_slope: null,
    tail_slope: null,
    slope_ratio: null,
    fit_improvement: null,
    throughput_fraction: null,
  };
}

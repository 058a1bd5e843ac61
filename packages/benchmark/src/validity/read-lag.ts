import type { RecordTable } from "@core/metrics";
import type { CanaryRecord, LagRecord, WorkerRecord } from "../report/benchmark-report.js";

/** How late the client read what came for it. */
export interface ReadLag {
  /** Looks and probes that say it. */
  readonly count: number;
  readonly meanMs: number;
  /** Most that the mean over the first tokens of this run may be (95 %). */
  readonly boundMs: number;
}

/** Fewer say nothing. */
const LEAST_COUNT = 20;
/** Normal quantile of 0.975. */
const Z = 1.959964;
/** First tokens closer together meet the same lag: that of one turn of the loop, or of one slice of another process. */
const ONE_LAG_NS = 10e6;

/** A lag as bytes that arrive meet it. */
interface MetLag {
  readonly count: number;
  readonly meanMs: number;
  readonly stdDevMs: number;
}

/**
 * From several measurements, whichever is worst: how late the threads' timers were, which the kernel sets off whoever else
 * runs, taken as they are and by the time that they stood for; how late they read probes of the main thread; and how late
 * streams of a server of known timing. Lags have a heavy tail: a mean over few first tokens may be far above the mean of
 * all lags, so that their number decides how wide the bound is.
 *
 * @returns Null when too little was measured.
 */
export function readLagOf(
  workers: readonly WorkerRecord[],
  canary: CanaryRecord | null,
  table: RecordTable,
): ReadLag | null {
  const measured = [
    pool(workers.map((worker) => worker.event_loop_delay_ms)),
    standstill(workers),
    pool(workers.map((worker) => worker.read_lag_ms)),
    pool([canary?.read_lag_ms ?? null]),
  ].filter((lag) => lag !== null);
  const occasions = Math.max(1, countOccasions(table.column("first_token_ns")));
  const bounds = measured.map(({ count, meanMs, stdDevMs }) => ({
    count,
    meanMs,
    boundMs: meanMs + (Z * stdDevMs) / Math.sqrt(occasions),
  }));
  return bounds.sort((one, other) => other.boundMs - one.boundMs)[0] ?? null;
}

/** Each measurement weighs alike. */
function pool(lags: readonly (LagRecord | null)[]): MetLag | null {
  const known = lags.filter((lag) => lag !== null);
  const count = known.reduce((sum, lag) => sum + lag.count, 0);
  if (count < LEAST_COUNT) return null;
  const mean = known.reduce((sum, lag) => sum + lag.count * lag.mean, 0) / count;
  const square = sumOfSquares(known) / count;
  return { count, meanMs: mean, stdDevMs: Math.sqrt(Math.max(0, square - mean ** 2)) };
}

/**
 * Each measurement weighs as long as it lasted: a loop that stood still for d kept waiting what arrived in a span of d, by
 * d / 2 on average. Of the time T, with the delays d of the timers: mean = sum of d² / 2T, mean square = sum of d³ / 3T,
 * which is at most the longest d times sum of d² / 3T.
 */
function standstill(workers: readonly WorkerRecord[]): MetLag | null {
  const measured = workers.flatMap(({ event_loop_delay_ms: lag, elapsed_seconds: elapsed }) =>
    lag === null || elapsed === null ? [] : [{ lag, elapsedMs: elapsed * 1e3 }],
  );
  const lags = measured.map(({ lag }) => lag);
  const count = lags.reduce((sum, lag) => sum + lag.count, 0);
  if (count < LEAST_COUNT) return null;
  const elapsedMs = measured.reduce((sum, one) => sum + one.elapsedMs, 0);
  const squares = sumOfSquares(lags);
  const longest = lags.reduce((most, lag) => Math.max(most, lag.max), 0);
  const mean = squares / (2 * elapsedMs);
  const square = (longest * squares) / (3 * elapsedMs);
  return { count, meanMs: mean, stdDevMs: Math.sqrt(Math.max(0, square - mean ** 2)) };
}

function sumOfSquares(lags: readonly LagRecord[]): number {
  return lags.reduce((sum, lag) => sum + lag.count * (lag.std_dev ** 2 + lag.mean ** 2), 0);
}

/** @param firstTokens - Is put in order. */
function countOccasions(firstTokens: Float64Array): number {
  let [occasions, lastNs] = [0, Number.NEGATIVE_INFINITY];
  const ascending = firstTokens.sort(); // undefined ones last
  for (let at = 0; at < ascending.length; at += 1) {
    const atNs = ascending[at] ?? Number.NaN;
    if (!(atNs - lastNs > ONE_LAG_NS)) continue;
    occasions += 1;
    lastNs = atNs;
  }
  return occasions;
}

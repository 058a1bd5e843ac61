import type { CanaryReading } from "@core/scheduler";
import type { CanaryRecord } from "../report/benchmark-report.js";

/** A stream as the server of known timing wrote it; nanoseconds of `process.hrtime`. */
export interface CanaryTruth {
  readonly arrivalNs: number;
  readonly tokenWritesNs: readonly number[];
}

/**
 * How late each token was read after it was written. A reading belongs to the one stream that arrived after its send and
 * was written before it was read; where two did, nobody can tell, and it is left out.
 *
 * @param epochNs - Zero of the readings' clock.
 * @returns Null when no stream was read.
 */
export function canaryRecord(
  readings: readonly CanaryReading[],
  truth: readonly CanaryTruth[],
  epochNs: number,
): CanaryRecord | null {
  const lags: number[] = [];
  let streams = 0;
  for (const { sendNs, tokenTimesNs } of readings) {
    const written = truth.filter((stream) => isOf(stream, sendNs + epochNs, (tokenTimesNs[0] ?? Number.NaN) + epochNs));
    const [only] = written;
    if (only === undefined || written.length > 1 || only.tokenWritesNs.length !== tokenTimesNs.length) continue;
    streams += 1;
    for (const [at, writtenNs] of only.tokenWritesNs.entries()) {
      lags.push(Math.max(0, (tokenTimesNs[at] ?? Number.NaN) + epochNs - writtenNs) / 1e6);
    }
  }
  if (lags.length === 0) return null;
  lags.sort((one, other) => one - other);
  const mean = lags.reduce((sum, lag) => sum + lag, 0) / lags.length;
  const variance = lags.reduce((sum, lag) => sum + (lag - mean) ** 2, 0) / lags.length;
  const quantile = (share: number): number => lags[Math.max(0, Math.ceil(share * lags.length) - 1)] ?? Number.NaN;
  const [p50, p99, max] = [quantile(0.5), quantile(0.99), quantile(1)];
  return { streams, read_lag_ms: { count: lags.length, mean, std_dev: Math.sqrt(variance), p50, p99, max } };
}

/** A server stamps after the write, which may be read before it has stamped. */
const STAMP_NS = 1e6;

function isOf({ arrivalNs, tokenWritesNs }: CanaryTruth, sendNs: number, firstTokenNs: number): boolean {
  return (
    arrivalNs >= sendNs && (tokenWritesNs[0] ?? Number.NaN) <= firstTokenNs + STAMP_NS && firstTokenNs >= arrivalNs
  );
}

import { type Interval, type RecordTable, studentQuantile } from "@core/metrics";
import { fitLine } from "./line-fit.js";

/** Whether a server kept up with an open loop. */
export interface LatencyTrend {
  /** `unclear`: too few requests, or too much scatter. */
  readonly sustained: "yes" | "no" | "unclear";
  /** Seconds that latency, counted from the intended start, grows in a second; null for too few requests. */
  readonly growth: number | null;
  /** 95 % interval of the growth. */
  readonly growth_ci: Interval | null;
}

/** Growth of a server that answers 98 % of the requests that come: from there on it does not keep up. */
const MOST_GROWTH = 0.02;
/** Growth below which it surely does. */
const SURELY_SUSTAINED = 0.05;
const BATCHES = 10;
const LEAST_IN_BATCH = 2;

/** A request of an open loop; seconds of the run's clock. */
export interface TimedRequest {
  readonly intended: number;
  /** From the intended start to the end. */
  readonly latency: number;
}

/**
 * Judges by the second half of the load whether latency grows: with a rate λ above the capacity μ every request waits
 * longer than the one before, by `λ/μ − 1` seconds per second. A line through the means of batches in a row. Requests
 * that were cut off count with the time that they had waited by then.
 */
export function latencyTrend(given: readonly TimedRequest[]): LatencyTrend {
  const requests = [...given].sort((left, right) => left.intended - right.intended);
  const first = requests[0]?.intended ?? 0;
  const last = requests.at(-1)?.intended ?? 0;
  const late = requests.filter(({ intended }) => intended >= (first + last) / 2);
  if (late.length < BATCHES * LEAST_IN_BATCH) return { sustained: "unclear", growth: null, growth_ci: null };
  const batches = Array.from({ length: BATCHES }, (_, batch) =>
    late.slice(Math.floor((batch * late.length) / BATCHES), Math.floor(((batch + 1) * late.length) / BATCHES)),
  );
  const x = batches.map((batch) => mean(batch.map(({ intended }) => intended)));
  const { slope, squaredError } = fitLine(
    x,
    batches.map((batch) => mean(batch.map(({ latency }) => latency))),
  );
  const center = mean(x);
  const spread = x.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const half = studentQuantile(0.975, BATCHES - 2) * Math.sqrt(squaredError / (BATCHES - 2) / spread);
  const growth_ci = { lower: slope - half, upper: slope + half };
  return { sustained: judge(growth_ci), growth: slope, growth_ci };
}

function judge({ lower, upper }: Interval): LatencyTrend["sustained"] {
  if (lower > MOST_GROWTH) return "no";
  return upper < SURELY_SUSTAINED ? "yes" : "unclear";
}

/** The requests of a run that have an end, or were cut. */
export function timedRequests(table: RecordTable): readonly TimedRequest[] {
  const ends = table.column("end_ns");
  const resolved = table.column("resolve_end_ns");
  return Array.from(table.column("intended_start_ns"), (intendedNs, row) => {
    const end = ends[row] ?? Number.NaN;
    const endNs = Number.isNaN(end) ? (resolved[row] ?? Number.NaN) : end;
    return { intended: intendedNs / 1e9, latency: (endNs - intendedNs) / 1e9 };
  }).filter(({ latency }) => !Number.isNaN(latency));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { RECORD_STATUS } from "./record-layout.js";
import type { RecordTable } from "./record-table.js";

/** Observations averaged into one before the rule is applied. */
const BATCH = 5;
/** With fewer batches left a small sum of squares says nothing. */
const LEAST_BATCHES_KEPT = 5;
const LEAST_BATCHES = 10;
/** Looks at the requests in flight over a run. */
const LOOKS = 500;

/**
 * How many leading observations belong to a transient: MSER-5 (K. P. White, M. J. Cobb, S. C. Spratt, "A comparison of
 * five steady-state truncation heuristics for simulation", WSC 2000). It leaves out as many as make the standard error of
 * the mean of the rest smallest; of batches of five observations.
 *
 * @returns A multiple of 5, at most half of the observations; null when that is not enough, or when there are fewer
 * than 50: the series does not become steady.
 */
export function transientLength(values: ArrayLike<number>): number | null {
  const batches = Math.floor(values.length / BATCH);
  if (batches < LEAST_BATCHES) return null;
  let [kept, mean, squares] = [0, 0, 0];
  let best = { dropped: 0, error: Number.POSITIVE_INFINITY };
  for (let dropped = batches - 1; dropped >= 0; dropped -= 1) {
    const value = batchMean(values, dropped * BATCH);
    kept += 1;
    const distance = value - mean;
    mean += distance / kept;
    squares += distance * (value - mean);
    const error = squares / kept ** 2;
    if (kept >= LEAST_BATCHES_KEPT && error <= best.error) best = { dropped, error };
  }
  return best.dropped <= batches / 2 ? best.dropped * BATCH : null;
}

/** When a load was steady, as far as it can be told. */
export interface SteadySpan {
  /** Null when it did not become steady in the first half of the run. */
  readonly fromNs: number | null;
  /** Null when it did not end steadily. */
  readonly untilNs: number | null;
}

/**
 * Finds the steady part of a run: from where both the requests in flight and the times to first token (without them, the
 * latencies) have left their transient, until the requests in flight begin to fall.
 */
export function steadySpan(table: RecordTable, run: { readonly startNs: number; readonly endNs: number }): SteadySpan {
  const inFlight = inFlightOver(table, run);
  const lookNs = (run.endNs - run.startNs) / LOOKS;
  const filling = transientLength(inFlight);
  const emptying = transientLength(inFlight.toReversed());
  const settledNs = settledAt(table);
  return {
    fromNs: filling === null || settledNs === null ? null : Math.max(run.startNs + filling * lookNs, settledNs),
    untilNs: emptying === null ? null : run.endNs - emptying * lookNs,
  };
}

/** Send of the first request whose answer came no sooner or later than those after it; null when they do not settle. */
function settledAt(table: RecordTable): number | null {
  const status = table.column("status");
  const send = table.column("send_ns");
  const first = table.column("first_token_ns");
  const end = table.column("end_ns");
  const answered = (row: number): number => {
    const token = first[row] ?? Number.NaN;
    return Number.isNaN(token) ? (end[row] ?? Number.NaN) : token;
  };
  const rows = [...status.keys()]
    .filter(
      (row) => status[row] === RECORD_STATUS.completed && !Number.isNaN(answered(row) - (send[row] ?? Number.NaN)),
    )
    .sort((one, other) => (send[one] ?? 0) - (send[other] ?? 0));
  const waits = Float64Array.from(rows, (row) => answered(row) - (send[row] ?? Number.NaN));
  const dropped = transientLength(waits);
  return dropped === null ? null : (send[rows[dropped] ?? -1] ?? null);
}

/** Mean requests in flight in each of equal parts of a run. */
function inFlightOver(
  table: RecordTable,
  { startNs, endNs }: { readonly startNs: number; readonly endNs: number },
): Float64Array {
  const parts = new Float64Array(LOOKS);
  const partNs = (endNs - startNs) / LOOKS;
  const send = table.column("send_ns");
  const end = table.column("end_ns");
  const resolved = table.column("resolve_end_ns");
  for (let row = 0; row < table.count; row += 1) {
    const ended = Number.isNaN(end[row] ?? Number.NaN) ? (resolved[row] ?? Number.NaN) : (end[row] ?? Number.NaN);
    const from = ((send[row] ?? Number.NaN) - startNs) / partNs;
    const until = Math.min(LOOKS, (ended - startNs) / partNs);
    for (let part = Math.max(0, Math.floor(from)); part < until; part += 1) {
      parts[part] = (parts[part] ?? 0) + Math.min(until, part + 1) - Math.max(from, part);
    }
  }
  return parts;
}

function batchMean(values: ArrayLike<number>, from: number): number {
  let sum = 0;
  for (let at = from; at < from + BATCH; at += 1) sum += values[at] ?? Number.NaN;
  return sum / BATCH;
}

import { sortIndicesByValue } from "./radix-sort.js";
import type { RecordTable } from "./record-table.js";
import { isOpenLoop } from "./strategy-loops.js";

/**
 * Seconds that the load waited for each conversation of the data: 0 for one that was there when it was needed, however
 * long it took to make. A conversation is needed from the intended start of its first request on. An open loop takes
 * conversations one after the other, so there it is not needed before the request ahead of it was taken up: time spent
 * behind the cap on requests in flight is not blamed on the data.
 */
export function dataWaitsSeconds(table: RecordTable, strategyType: string): Float64Array {
  const queued = table.column("queued_ns");
  const intended = table.column("intended_start_ns");
  const dequeued = table.column("dequeued_ns");
  const preceding = table.column("preceding_nodes");
  const aheadNs = isOpenLoop(strategyType) ? takenAhead(table, dequeued) : null;
  return queued
    .map((queuedNs, row) => {
      const neededNs = Math.max(intended[row] ?? Number.NaN, aheadNs?.[row] ?? Number.NEGATIVE_INFINITY);
      return Math.max(0, queuedNs - neededNs) / 1e9;
    })
    .filter((wait, row) => preceding[row] === 0 && !Number.isNaN(dequeued[row]) && !Number.isNaN(wait));
}

/** When the request ahead of each was taken up in the same worker; `-Infinity` for the first ones. */
function takenAhead(table: RecordTable, dequeued: Float64Array): Float64Array {
  const worker = table.column("worker");
  const ahead = new Float64Array(dequeued.length).fill(Number.NEGATIVE_INFINITY);
  const last = new Map<number, number>();
  const order = sortIndicesByValue(dequeued.map((at) => (Number.isNaN(at) ? Number.MAX_VALUE : at)));
  for (const row of order) {
    const of = worker[row] ?? Number.NaN;
    ahead[row] = last.get(of) ?? Number.NEGATIVE_INFINITY;
    last.set(of, dequeued[row] ?? Number.NaN);
  }
  return ahead;
}

import { RequestTimings, UNKNOWN_USAGE } from "@core/backend";
import { RECORD_STATUS, type RecordTable, RecordWriter } from "@core/metrics";
import type { RequestCounts } from "../control/control-block.js";

/**
 * Adds a record for every request that a dead worker took with it, in flight or not handed over yet, as errored; without
 * it, issued requests would be missing from the report.
 *
 * @returns The number of records added.
 */
export function recordLostRequests(
  table: RecordTable,
  lost: { readonly worker: number; readonly issued: number; readonly received: number; readonly code: string },
): number {
  const writer = new RecordWriter();
  for (let missing = lost.issued - lost.received; missing > 0; missing -= 1) {
    writer.append({
      index: Number.NaN,
      conversationIndex: Number.NaN,
      worker: lost.worker,
      status: RECORD_STATUS.errored,
      turnIndex: 0,
      precedingNodes: 0,
      queuedNs: Number.NaN,
      predecessorCompletedNs: Number.NaN,
      timings: new RequestTimings(),
      usage: { input: UNKNOWN_USAGE, output: UNKNOWN_USAGE, outputEstimated: false },
      expectedOutputTokens: null,
      truncated: false,
      errorCode: lost.code,
    });
  }
  const batch = writer.take();
  if (batch !== null) table.append(batch);
  return batch?.count ?? 0;
}

/** Counts by outcome as the table holds them. */
export function countsOfTable(table: RecordTable): RequestCounts {
  const counts = { issued: table.count, completed: 0, errored: 0, cancelled: 0, inFlight: 0 };
  for (const status of table.column("status")) {
    if (status === RECORD_STATUS.completed) counts.completed += 1;
    else if (status === RECORD_STATUS.errored) counts.errored += 1;
    else counts.cancelled += 1;
  }
  return counts;
}

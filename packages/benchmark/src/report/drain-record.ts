import { RECORD_STATUS, type RecordTable } from "@core/metrics";
import type { DrainRecord } from "./benchmark-report.js";

/** Counts what ended after a stop. @param stopNs - When the run was stopped, or the last request ended. */
export function toDrainRecord(table: RecordTable, stopNs: number): DrainRecord {
  const status = table.column("status");
  const resolved = table.column("resolve_end_ns");
  const ends = table.column("end_ns");
  let [ended, cut, lastNs] = [0, 0, stopNs];
  for (let row = 0; row < ends.length; row += 1) {
    const end = ends[row] ?? Number.NaN;
    const endNs = Number.isNaN(end) ? (resolved[row] ?? Number.NaN) : end;
    if (!(endNs > stopNs) || status[row] === RECORD_STATUS.cancelledNeverStarted) continue;
    if (status[row] === RECORD_STATUS.cancelledStarted) cut += 1;
    else ended += 1;
    lastNs = Math.max(lastNs, endNs);
  }
  return { ended, cut, seconds: (lastNs - stopNs) / 1e9 };
}

import { RECORD_FLAGS, type RecordTable } from "@core/metrics";

/** Connections that requests had to open for themselves. */
export interface ConnectionRecord {
  /** Requests sent on a connection opened for them. */
  readonly opened: number;
  /** Requests sent a second time because a kept connection had been closed. */
  readonly retried: number;
  /** Time to open, TLS included; not in any latency. */
  readonly setup_ms: Readonly<Record<"count" | "mean" | "max", number>> | null;
}

/** Counts over all requests. */
export function connectionsOf(table: RecordTable): ConnectionRecord {
  const begun = table.column("connect_start_ns");
  const setups = table
    .column("connect_end_ns")
    .map((end, row) => (end - (begun[row] ?? Number.NaN)) / 1e6)
    .filter((ms) => !Number.isNaN(ms));
  const flags = table.column("flags");
  const flagged = (flag: number): number => flags.filter((bits) => (bits & flag) !== 0).length;
  const total = setups.reduce((sum, ms) => sum + ms, 0);
  return {
    opened: flagged(RECORD_FLAGS.freshConnection),
    retried: flagged(RECORD_FLAGS.retried),
    setup_ms:
      setups.length === 0
        ? null
        : {
            count: setups.length,
            mean: total / setups.length,
            max: setups.reduce((most, ms) => Math.max(most, ms), 0),
          },
  };
}

import type { DatasetReport } from "@core/scheduler";

/** What the data did during a benchmark. */
export interface DatasetRecord {
  readonly generated: number;
  readonly skipped_rows: number;
  readonly exhausted: boolean;
  /**
   * How long the conversations took to make, ahead of need and beside the load. Whether the load ever waited for one is
   * `generation_delay` of the scheduler metrics.
   */
  readonly production_ms: Readonly<Record<"count" | "mean" | "max", number>> | null;
}

/** Writes what is known of the data under the report's keys. */
export function toDatasetRecord(dataset: DatasetReport): DatasetRecord {
  return {
    generated: dataset.generated,
    skipped_rows: dataset.skippedRows,
    exhausted: dataset.exhausted,
    production_ms: productionOf(dataset.generationDelaysSeconds),
  };
}

function productionOf(seconds: readonly number[]): DatasetRecord["production_ms"] {
  const count = seconds.length;
  if (count === 0) return null;
  const sum = seconds.reduce((total, value) => total + value, 0);
  const max = seconds.reduce((most, value) => Math.max(most, value), 0);
  return { count, mean: (sum / count) * 1e3, max: max * 1e3 };
}

import type { BackendLimits } from "@core/backend";
import { SchedulerError } from "./errors.js";

/** Streams that one worker carries without being late: half of what a core was measured to carry. */
const STREAMS_PER_WORKER = 512;

/** What the number of workers depends on. */
export interface WorkerDemand {
  readonly workers: number | "auto";
  /** Requests expected in flight at once; null when unknown, which means one worker. */
  readonly maxConcurrencyHint: number | null;
  readonly limits: BackendLimits;
  readonly cores: number;
}

/**
 * Number of request workers: as asked, or by expected load, one core left to the main thread.
 *
 * @throws {SchedulerError} CORE_SCHEDULER_TOO_MANY_WORKERS when the backend does not allow as many as were asked for.
 */
export function chooseWorkers({ workers, maxConcurrencyHint, limits, cores }: WorkerDemand): number {
  const most = limits.workers ?? Number.POSITIVE_INFINITY;
  if (workers === "auto") {
    const wanted = Math.ceil((maxConcurrencyHint ?? 1) / STREAMS_PER_WORKER);
    return Math.max(1, Math.min(wanted, cores - 1, most));
  }
  if (workers <= most) return workers;
  throw new SchedulerError(`${workers} request workers were asked for, and the backend allows ${most}.`, {
    code: "CORE_SCHEDULER_TOO_MANY_WORKERS",
    hint: `Set workers to ${most} or to auto.`,
  });
}

import type { EngineCounters } from "@core/backend";
import type { RecordBatch } from "@core/metrics";
import type { ControlBlock } from "../control/control-block.js";
import type { LagSummary } from "../engine/lag-histogram.js";
import type { EngineReport } from "../engine/request-engine.js";
import type { RequestSample } from "../engine/request-sample.js";
import type { ReachedLimit, RunPlan } from "../run-plan.js";
import type { CanaryReading } from "../thread/canary-stream.js";
import type { CollectionPauses } from "../thread/collection-meter.js";
import type { RunQueueWait } from "../thread/run-queue-meter.js";

/** What a worker's thread went through during a run. */
export interface ThreadLoad {
  readonly elapsedSeconds: number;
  /** How late the event loop was, beyond the sampling interval. */
  readonly eventLoopDelay: LagSummary | null;
  /** How late the thread read what was sent to it at known instants; null when nothing was. */
  readonly readLag: LagSummary | null;
  /** Share of the time in which the event loop was not asleep, in [0, 1]; includes the time in `yieldedSeconds`. */
  readonly eventLoopUtilization: number;
  /** CPU time of the thread, null where Node cannot tell. */
  readonly cpuSeconds: number | null;
  /** Time spent polling for the next intended instant: the price of sending in time. */
  readonly yieldedSeconds: number;
  readonly collections: CollectionPauses;
  /** Waits for a core, with the worst share of a quarter of a second; null where the system does not tell. */
  readonly runQueue: (RunQueueWait & { readonly worstShare: number }) | null;
}

/** What one worker says about one run. */
export interface WorkerReport extends EngineReport {
  readonly worker: number;
  /** Null when the worker has no thread of its own. */
  readonly load: ThreadLoad | null;
  /** Streams of known timing, read beside the load; empty when none were asked for. */
  readonly canary: readonly CanaryReading[];
  /** What the backend's own engine counted during the run; null when it has none or does not tell. */
  readonly engineCounters: EngineCounters | null;
}

/** Who hears from a worker during a run. */
export interface WorkerListener {
  onBatch(batch: RecordBatch | null, samples: readonly RequestSample[]): void;
  /** Index, send and first token, in nanoseconds, of requests in flight: each once, before its record. */
  onFirstTokens(triples: Float64Array): void;
  onLimitReached(limit: ReachedLimit, atNs: number): void;
}

/** A worker as the controller of a run sees it. */
export interface WorkerLink {
  readonly worker: number;
  /** Makes ready for a run. Resolves to whether there is data; rejects when the worker cannot take part. */
  arm(plan: RunPlan, control: ControlBlock, listener: WorkerListener): Promise<boolean>;
  /** Runs what was armed; rejects when the worker failed or died. */
  run(startNs: number): Promise<WorkerReport>;
  /** Gives up what was armed and not run. */
  disarm(): void;
  stop(): void;
  cut(): void;
  /** Ends a worker that does not react; its `run` then rejects. */
  kill(): void;
}

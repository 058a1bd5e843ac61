import type { MessagePort } from "node:worker_threads";
import type { BackendArgs, BackendLimits } from "@core/backend";
import type { RecordBatch } from "@core/metrics";
import type { RequestSample } from "../engine/request-sample.js";
import type { WorkerReport } from "../run/worker-link.js";
import type { ReachedLimit, RunPlan } from "../run-plan.js";
import type { WireError } from "./wire-error.js";

/** What a request worker is born with: enough to load its code. */
export interface WorkerSetup {
  readonly worker: number;
  /** URLs or specifiers of the modules that register the backend. */
  readonly plugins: readonly string[];
  /** Epoch of the run's clock, from `process.hrtime.bigint()`. */
  readonly epochNs: bigint;
}

/** What it works with. */
export interface WorkerTask {
  /** Validated args with secrets revealed: they stay inside this process. */
  readonly backendArgs: BackendArgs;
  /** The same for a server of known timing, read beside the load; null reads none. */
  readonly canaryArgs: BackendArgs | null;
  /** Where conversations come from. */
  readonly dataPort: MessagePort;
}

/** Messages to a request worker. */
export type ToWorker =
  | { readonly type: "start"; readonly task: WorkerTask }
  | { readonly type: "arm"; readonly plan: RunPlan; readonly control: SharedArrayBuffer }
  | { readonly type: "run"; readonly startNs: number }
  | { readonly type: "probe"; readonly sentNs: number }
  | { readonly type: "disarm" }
  | { readonly type: "stop" }
  | { readonly type: "cut" }
  | { readonly type: "shutdown" };

/** Messages from a request worker. */
export type FromWorker =
  | { readonly type: "ready"; readonly limits: BackendLimits }
  | { readonly type: "armed"; readonly hasData: boolean }
  | { readonly type: "batch"; readonly batch: RecordBatch | null; readonly samples: readonly RequestSample[] }
  | { readonly type: "first-tokens"; readonly triples: Float64Array<ArrayBuffer> }
  | { readonly type: "limit-reached"; readonly limit: ReachedLimit; readonly atNs: number }
  | { readonly type: "done"; readonly report: WorkerReport }
  | { readonly type: "failed"; readonly error: WireError }
  | { readonly type: "closed" };

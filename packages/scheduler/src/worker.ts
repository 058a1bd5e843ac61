import { parentPort, workerData } from "node:worker_threads";
import "./register.js";
import { SchedulerError } from "./errors.js";
import type { WorkerSetup } from "./thread/messages.js";
import { RequestWorker } from "./thread/request-worker.js";

if (parentPort === null) {
  throw new SchedulerError("This module is the entry of a worker thread; it cannot be imported.", {
    code: "CORE_SCHEDULER_WORKER_FAILED",
  });
}
RequestWorker.listen(workerData as WorkerSetup, parentPort);

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { beforeDeadline } from "./deadline.js";
import type { WorkerOrder, WorkerResult } from "./worker-message.js";

/** Serves one request in a thread of its own. @throws {Error} Whatever goes wrong there. */
export async function serveInWorker(order: WorkerOrder): Promise<WorkerResult> {
  const worker = new Worker(new URL("../bundle/worker.js", import.meta.url), { workerData: order });
  try {
    const [result] = (await beforeDeadline(once(worker, "message"), "the answer of a worker")) as [WorkerResult];
    return result;
  } finally {
    await worker.terminate();
  }
}

import type { Logger } from "@core/backend";

/** Logger of a worker thread: warnings go to stderr with the worker's number, the rest nowhere. */
export function createWorkerLogger(worker: number): Logger {
  return {
    debug() {},
    info() {},
    warn: (message) => void process.stderr.write(`worker ${worker}: ${message}\n`),
  };
}

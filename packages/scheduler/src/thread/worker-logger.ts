import type { Logger } from "@core/backend";

/**
 * Logger of a worker thread: warnings go to stderr with the worker's number. The rest has been said by the main thread
 * already, except of a backend that only workers start.
 */
export class WorkerLogger implements Logger {
  /** Whether infos go to stderr too. */
  tellsInfo = false;
  readonly #worker: number;

  constructor(worker: number) {
    this.#worker = worker;
  }

  debug(): void {}

  info(message: string): void {
    if (this.tellsInfo) process.stderr.write(`${message}\n`);
  }

  warn(message: string): void {
    process.stderr.write(`worker ${this.#worker}: ${message}\n`);
  }
}

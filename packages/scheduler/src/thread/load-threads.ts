import { availableParallelism } from "node:os";
import { MessageChannel } from "node:worker_threads";
import { type BackendArgs, type BackendLimits, revealArgs } from "@core/backend";
import { type DataPlan, DataWorker } from "@core/data";
import { chooseWorkers } from "../choose-workers.js";
import { WORKER_ENTRY } from "../worker-entry.js";
import { collectAlone } from "./collect-alone.js";
import type { WorkerTask } from "./messages.js";
import { WorkerThread } from "./worker-thread.js";

const UNLIMITED: BackendLimits = Object.freeze({ workers: null, requests: null });

/** What the threads of a run are loaded with. */
export interface LoadThreadsOptions {
  /** Modules that register kinds, importable from a worker: file URLs. */
  readonly plugins: readonly string[];
  /** Those that register nothing but backends: the data thread need not load them. @defaultValue none */
  readonly backendPlugins?: readonly string[];
  readonly dataPlan: DataPlan;
  readonly workers: number | "auto";
  /** `process.hrtime.bigint()` at the start of the whole run: the zero of all instants. */
  readonly epochNs: bigint;
  /** Requests expected in flight at once at most, for the number of workers; null when unknown. */
  readonly maxConcurrencyHint?: number | null;
  /** Entry of the worker threads; for tests that run from sources. */
  readonly workerEntry?: URL;
}

/** Threads that have been started. */
export interface StartedThreads {
  readonly data: DataWorker;
  readonly workers: readonly WorkerThread[];
  readonly limits: BackendLimits;
}

/**
 * The data thread and the request workers of a run while they load their code and open the data: begun early, so that
 * this goes on while the server is asked whether it works.
 */
export class LoadThreads {
  readonly #options: LoadThreadsOptions;
  readonly #data: Promise<DataWorker>;
  readonly #workers: readonly WorkerThread[];

  private constructor(options: LoadThreadsOptions, count: number) {
    this.#options = options;
    this.#data = DataWorker.start(options.dataPlan, options.plugins);
    this.#data.catch(() => {}); // told by start
    const entry = options.workerEntry ?? WORKER_ENTRY;
    const { epochNs } = options;
    const plugins = [...(options.backendPlugins ?? []), ...options.plugins];
    this.#workers = Array.from({ length: count }, (_, worker) => new WorkerThread({ worker, plugins, epochNs }, entry));
  }

  /** Begins to load. End it with {@link start} or {@link abandon}. */
  static begin(options: LoadThreadsOptions): LoadThreads {
    collectAlone();
    return new LoadThreads(options, countWorkers(options, UNLIMITED));
  }

  /**
   * Starts the backend in every worker, as many as it allows.
   *
   * @throws {CoreError} The error of the data or the backend that could not start, unchanged; nothing is left running.
   */
  async start(
    backendArgs: BackendArgs,
    limits: BackendLimits = UNLIMITED,
    canaryArgs: BackendArgs | null = null,
  ): Promise<StartedThreads> {
    try {
      const data = await this.#data;
      const used = this.#workers.slice(0, countWorkers(this.#options, limits));
      await Promise.all(this.#workers.slice(used.length).map((thread) => thread.abandon()));
      const told = await startAll(used, data, { backendArgs, canaryArgs });
      const [first = limits] = told;
      countWorkers({ ...this.#options, workers: used.length }, first); // it may allow fewer than it was asked for
      return { data, workers: used, limits: first };
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  /** Ends all threads. */
  async abandon(): Promise<void> {
    const stopData = this.#data.then(
      (data) => data.stop(),
      () => {}, // it never started
    );
    await Promise.all([stopData, ...this.#workers.map((thread) => thread.abandon())]);
  }
}

async function startAll(
  threads: readonly WorkerThread[],
  data: DataWorker,
  { backendArgs, canaryArgs }: Omit<WorkerTask, "dataPort">,
): Promise<readonly BackendLimits[]> {
  const starts = await Promise.allSettled(
    threads.map((thread) => {
      const { port1, port2 } = new MessageChannel();
      data.connect(port1);
      return thread.start({
        backendArgs: revealArgs(backendArgs),
        canaryArgs: canaryArgs === null ? null : revealArgs(canaryArgs),
        dataPort: port2,
      });
    }),
  );
  return starts.map((start) => {
    if (start.status === "rejected") throw start.reason;
    return start.value;
  });
}

function countWorkers({ workers, maxConcurrencyHint = null }: LoadThreadsOptions, limits: BackendLimits): number {
  return chooseWorkers({ workers, maxConcurrencyHint, limits, cores: availableParallelism() });
}

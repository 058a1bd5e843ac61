import { type BackendArgs, type BackendLimits, type Clock, createClock } from "@core/backend";
import type { DataWorker } from "@core/data";
import { combineLimits } from "./constraint/combine.js";
import { type ConstraintArgs, createConstraints } from "./constraint/constraints.js";
import { NO_SAMPLING, type SamplingOptions } from "./engine/text-sampler.js";
import { ThreadTimers } from "./engine/timers.js";
import { SchedulerError } from "./errors.js";
import { resolveConcurrency } from "./resolve-concurrency.js";
import { RunController } from "./run/run-controller.js";
import type { RunResult } from "./run/run-result.js";
import type { RunSnapshot } from "./run/run-snapshot.js";
import type { RunPlan } from "./run-plan.js";
import { scheduleEnd } from "./strategy/schedule-end.js";
import { createSchedule } from "./strategy/strategies.js";
import type { StrategyArgs } from "./strategy/strategy-args.js";
import { LoadThreads, type LoadThreadsOptions, type StartedThreads } from "./thread/load-threads.js";
import type { WorkerThread } from "./thread/worker-thread.js";

const DEFAULT_HARD_DEADLINE_SECONDS = 2;

/** What a {@link Scheduler} is started with. */
export interface SchedulerOptions extends LoadThreadsOptions {
  /** Validated args, the model resolved. */
  readonly backendArgs: BackendArgs;
  /** Bounds of the backend, when an instance has told them. */
  readonly backendLimits?: BackendLimits;
  /** Args of a backend for a server of known timing, which every worker reads beside its load. @defaultValue none */
  readonly canaryArgs?: BackendArgs | null;
  /** Which requests keep their texts. @defaultValue none */
  readonly sampling?: SamplingOptions;
  /** Whether the server's token counts win over the client's. @defaultValue true */
  readonly preferResponseMetrics?: boolean;
  /** Seconds that a request may take to end after a cut. @defaultValue 2 */
  readonly hardDeadlineSeconds?: number;
}

/** One strategy to run. */
export interface RunOptions {
  readonly strategy: StrategyArgs;
  readonly constraints: readonly ConstraintArgs[];
  /** Number of this run: the pass over the data. */
  readonly runIndex: number;
  /** Position in lists of constraint values. */
  readonly stepIndex: number;
  /** Seconds that requests in flight have after sending was stopped. 0 cuts them at once, as GuideLLM does; may be infinite. */
  readonly graceSeconds: number;
  /** Called at most every 100 ms. */
  readonly onUpdate?: (snapshot: RunSnapshot) => void;
}

/** The persistent request workers and the data worker of one whole run; runs strategies one after another. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #clock: Clock;
  readonly #data: DataWorker;
  readonly #threads: readonly WorkerThread[];
  readonly #limits: BackendLimits;
  #controller: RunController | null = null;
  #busy = false;
  #shutDown = false;

  private constructor(options: SchedulerOptions, { data, workers, limits }: StartedThreads) {
    this.#options = options;
    this.#clock = createClock(options.epochNs);
    this.#data = data;
    this.#threads = workers;
    this.#limits = limits;
  }

  /**
   * Starts the data worker and the request workers with their backends.
   *
   * @param threads - Threads that are loading already, begun with the same options.
   * @throws {CoreError} The error of the data or the backend that could not start, unchanged.
   */
  static async start(options: SchedulerOptions, threads = LoadThreads.begin(options)): Promise<Scheduler> {
    return new Scheduler(options, await threads.start(options.backendArgs, options.backendLimits, options.canaryArgs));
  }

  /** Number of request workers. */
  get workers(): number {
    return this.#threads.length;
  }

  /** Most conversations of one pass over the data; null when there is no end to them. */
  get mostConversations(): number | null {
    return this.#data.mostConversations;
  }

  /** All classes of traffic that the data can name; null where only its conversations will tell. */
  get knownClasses(): readonly string[] | null {
    return this.#data.knownClasses;
  }

  /**
   * Runs one strategy to its end. What had been reached when a worker died is in the result, with the reason in
   * `failure`.
   *
   * @throws {SchedulerError} CORE_SCHEDULER_BUSY, CORE_SCHEDULER_NO_DATA.
   * @throws {CoreError} The error of data or backend that kept the run from starting.
   */
  async run(run: RunOptions): Promise<RunResult> {
    this.#assertFree();
    const { strategy, concurrency } = resolveConcurrency(run.strategy, this.#limits);
    const schedule = createSchedule(strategy);
    const constraints = [...createConstraints(run.constraints, run.stepIndex), ...scheduleEnd(schedule)];
    const workers = Math.min(this.#threads.length, concurrency);
    const plan: RunPlan = {
      strategy,
      workers,
      concurrency,
      epoch: run.runIndex,
      limits: combineLimits(constraints),
      watched: constraints.some(({ watch }) => watch !== undefined),
      sampling: this.#options.sampling ?? NO_SAMPLING,
      preferResponseMetrics: this.#options.preferResponseMetrics ?? true,
      hardDeadlineNs: (this.#options.hardDeadlineSeconds ?? DEFAULT_HARD_DEADLINE_SECONDS) * 1e9,
    };
    this.#busy = true;
    try {
      const controller = new RunController({
        plan,
        links: this.#threads.slice(0, workers),
        constraints,
        clock: this.#clock,
        timers: new ThreadTimers(this.#clock),
        graceNs: run.graceSeconds * 1e9,
        onUpdate: run.onUpdate,
      });
      this.#controller = controller;
      await this.#data.beginEpoch(
        run.runIndex,
        schedule.mode === "closed" ? { mode: "demand" } : { mode: "slice", workers },
      );
      return await this.#execute(controller);
    } finally {
      this.#busy = false;
      this.#controller = null;
    }
  }

  /** Stops the current run: nothing more is sent, requests in flight have the grace period. */
  interrupt(): void {
    this.#controller?.interrupt();
  }

  /** Ends the current run at once; what has arrived is kept. */
  cut(): void {
    this.#controller?.cut();
  }

  /** Ends all workers. Does nothing the second time. */
  async shutdown(): Promise<void> {
    if (this.#shutDown) return;
    this.#shutDown = true;
    await Promise.all([...this.#threads.map((thread) => thread.shutdown()), this.#data.stop()]);
  }

  async #execute(controller: RunController): Promise<RunResult> {
    try {
      const controlled = await controller.execute();
      const { classNames, ...epoch } = await this.#data.endEpoch();
      controlled.table.nameClasses(classNames);
      return { ...controlled, dataset: { ...epoch, ...controlled.dataset } };
    } catch (error) {
      await this.#data.endEpoch();
      throw error;
    }
  }

  #assertFree(): void {
    if (!this.#busy && !this.#shutDown) return;
    throw new SchedulerError(
      this.#shutDown ? "The scheduler has been shut down." : "The scheduler is running a strategy.",
      {
        code: "CORE_SCHEDULER_BUSY",
      },
    );
  }
}

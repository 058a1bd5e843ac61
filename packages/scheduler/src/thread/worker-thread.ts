import { Worker } from "node:worker_threads";
import { type BackendLimits, createClock } from "@core/backend";
import type { CoreError } from "@core/registry";
import type { ControlBlock } from "../control/control-block.js";
import { SchedulerError } from "../errors.js";
import type { WorkerLink, WorkerListener, WorkerReport } from "../run/worker-link.js";
import type { RunPlan } from "../run-plan.js";
import type { FromWorker, ToWorker, WorkerSetup, WorkerTask } from "./messages.js";
import { ReadLagProbe } from "./read-lag-probe.js";
import { fromWireError } from "./wire-error.js";

const SHUTDOWN_MS = 5000;

/** What a worker is being waited for; each answer settles the wait. */
interface Wait {
  readonly resolve: (message: FromWorker) => void;
  readonly reject: (error: CoreError) => void;
}

/** V8 would let it grow to 48: at 1,000 streams a run takes a quarter less memory with this, and no more CPU. */
const YOUNG_GENERATION_MB = 12;

/** The main thread's end of a request worker. */
export class WorkerThread implements WorkerLink {
  readonly worker: number;
  readonly #thread: Worker;
  readonly #probe: ReadLagProbe;
  #wait: Wait | null = null;
  #listener: WorkerListener | null = null;
  #death: CoreError | null = null;
  #closing = false;

  /** Starts a thread, which loads its code. @param entry - Module of the thread. */
  constructor(setup: WorkerSetup, entry: URL) {
    this.worker = setup.worker;
    this.#thread = new Worker(entry, {
      workerData: setup,
      name: `goodput-request-${setup.worker}`,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.#probe = new ReadLagProbe(createClock(setup.epochNs), (sentNs) => this.#send({ type: "probe", sentNs }));
    this.#thread.on("message", (message: FromWorker) => this.#receive(message));
    this.#thread.on("error", (error) => this.#die(error));
    this.#thread.on("exit", (code) => this.#die(`exit code ${code}`));
  }

  /** Starts its backend. Rejects with the backend's error when it cannot start. */
  async start(task: WorkerTask): Promise<BackendLimits> {
    this.#thread.postMessage({ type: "start", task } satisfies ToWorker, [task.dataPort]);
    try {
      const answer = await this.#answer();
      if (answer.type !== "ready") throw unexpected(this.worker, answer);
      return answer.limits;
    } catch (error) {
      this.#closing = true;
      await this.#thread.terminate();
      throw error;
    }
  }

  /** Ends the thread before its backend was started. */
  async abandon(): Promise<void> {
    this.#closing = true;
    await this.#thread.terminate();
  }

  async arm(plan: RunPlan, control: ControlBlock, listener: WorkerListener): Promise<boolean> {
    this.#listener = listener;
    this.#send({ type: "arm", plan, control: control.buffer });
    const answer = await this.#answer();
    if (answer.type !== "armed") throw unexpected(this.worker, answer);
    return answer.hasData;
  }

  async run(startNs: number): Promise<WorkerReport> {
    this.#send({ type: "run", startNs });
    this.#probe.start();
    try {
      const answer = await this.#answer();
      if (answer.type !== "done") throw unexpected(this.worker, answer);
      return answer.report;
    } finally {
      this.#probe.stop();
    }
  }

  disarm(): void {
    this.#send({ type: "disarm" });
  }

  stop(): void {
    this.#send({ type: "stop" });
  }

  cut(): void {
    this.#send({ type: "cut" });
  }

  kill(): void {
    if (this.#wait === null) return;
    const error = new SchedulerError(
      `Request worker ${this.worker} did not react to the end of the run and was ended.`,
      {
        code: "CORE_SCHEDULER_WORKER_HUNG",
        hint: "The backend blocks the event loop of its thread.",
      },
    );
    this.#fail(error);
    void this.#thread.terminate();
  }

  /** Shuts the backend down and ends the thread, by force when that takes too long. */
  async shutdown(): Promise<void> {
    if (!this.#closing && this.#death === null) {
      this.#closing = true;
      this.#send({ type: "shutdown" });
      const timeout = setTimeout(() => this.#fail(this.#deathError("no answer to the shutdown")), SHUTDOWN_MS);
      // How a worker that is not needed any more ends makes no difference to what it has delivered.
      await this.#answer().catch(() => {});
      clearTimeout(timeout);
    }
    await this.#thread.terminate();
  }

  #answer(): Promise<FromWorker> {
    return new Promise((resolve, reject) => {
      if (this.#death === null) this.#wait = { resolve, reject };
      else reject(this.#death);
    });
  }

  #receive(message: FromWorker): void {
    if (message.type === "batch") this.#listener?.onBatch(message.batch, message.samples);
    else if (message.type === "first-tokens") this.#listener?.onFirstTokens(message.triples);
    else if (message.type === "limit-reached") this.#listener?.onLimitReached(message.limit, message.atNs);
    else if (message.type === "failed") this.#reject(fromWireError(message.error, this.worker));
    else this.#resolve(message);
  }

  #send(message: ToWorker): void {
    this.#thread.postMessage(message);
  }

  #resolve(message: FromWorker): void {
    const wait = this.#wait;
    this.#wait = null;
    wait?.resolve(message);
  }

  #reject(error: CoreError): void {
    const wait = this.#wait;
    this.#wait = null;
    wait?.reject(error);
  }

  #fail(error: CoreError): void {
    this.#death ??= error;
    this.#reject(this.#death);
  }

  #die(cause: unknown): void {
    if (this.#death === null) this.#fail(this.#deathError(cause));
  }

  #deathError(cause: unknown): SchedulerError {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return new SchedulerError(`Request worker ${this.worker} died: ${reason}.`, {
      code: "CORE_SCHEDULER_WORKER_DIED",
      cause,
    });
  }
}

function unexpected(worker: number, answer: FromWorker): SchedulerError {
  return new SchedulerError(`Request worker ${worker} answered "${answer.type}" out of turn.`, {
    code: "CORE_SCHEDULER_WORKER_FAILED",
  });
}

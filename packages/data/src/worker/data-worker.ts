import { type MessagePort, Worker } from "node:worker_threads";
import { DataError } from "../errors.js";
import type { DataPlan } from "../pipeline.js";
import { WORKER_ENTRY } from "../worker-entry.js";
import type { Distribution, EpochReport, FromDataWorker, ToDataWorker } from "./messages.js";
import { fromDataWireError } from "./wire-error.js";

interface Wait {
  resolve(message: FromDataWorker): void;
  reject(error: Error): void;
}

/** The main thread's end of the one thread that produces conversations. */
export class DataWorker {
  readonly #thread: Worker;
  #wait: Wait | null = null;
  #mostConversations: number | null = null;
  #knownClasses: readonly string[] | null = null;
  #death: Error | null = null;

  private constructor(plan: DataPlan, plugins: readonly string[]) {
    this.#thread = new Worker(WORKER_ENTRY, { workerData: { plan, plugins }, name: "goodput-data" });
    this.#thread.on("message", (message: FromDataWorker) => this.#receive(message));
    this.#thread.on("error", (error) => this.#die(error));
    this.#thread.on("exit", (code) => this.#die(new Error(`exit code ${code}`)));
  }

  /**
   * Starts the thread and opens all sources.
   *
   * @param plugins - Modules to import there, for data kinds of other packages.
   * @throws {CoreError} The error of the source that cannot be opened, code and hint kept.
   */
  static async start(plan: DataPlan, plugins: readonly string[] = []): Promise<DataWorker> {
    const worker = new DataWorker(plan, plugins);
    try {
      const answer = await worker.#answer();
      if (answer.type === "ready") {
        worker.#mostConversations = answer.mostConversations;
        worker.#knownClasses = answer.knownClasses;
      }
      return worker;
    } catch (error) {
      await worker.#thread.terminate();
      throw error;
    }
  }

  /** Most conversations of one pass over the data; null when there is no end to them. */
  get mostConversations(): number | null {
    return this.#mostConversations;
  }

  /** All classes of traffic that there can be; null where only the conversations will tell. */
  get knownClasses(): readonly string[] | null {
    return this.#knownClasses;
  }

  /** Hands over one end of a channel; consumers are numbered in the order of these calls. */
  connect(port: MessagePort): void {
    this.#thread.postMessage({ type: "connect", port } satisfies ToDataWorker, [port]);
  }

  /** Starts a pass over the data. */
  async beginEpoch(epoch: number, distribution: Distribution): Promise<void> {
    this.#thread.postMessage({ type: "begin", epoch, distribution } satisfies ToDataWorker);
    await this.#answer();
  }

  /** Ends the pass. */
  async endEpoch(): Promise<EpochReport> {
    this.#thread.postMessage({ type: "end" } satisfies ToDataWorker);
    const answer = await this.#answer();
    if (answer.type !== "ended") throw this.#deathError(new Error(`answered "${answer.type}" out of turn`));
    return answer.report;
  }

  /** Ends the thread; whoever waits for an answer of it gets CORE_DATA_WORKER_DIED. */
  async stop(): Promise<void> {
    this.#die(new Error("it was stopped"));
    await this.#thread.terminate();
  }

  #answer(): Promise<FromDataWorker> {
    return new Promise((resolve, reject) => {
      if (this.#death === null) this.#wait = { resolve, reject };
      else reject(this.#death);
    });
  }

  #receive(message: FromDataWorker): void {
    const wait = this.#wait;
    this.#wait = null;
    if (message.type === "failed") wait?.reject(fromDataWireError(message.error));
    else wait?.resolve(message);
  }

  #die(cause: Error): void {
    if (this.#death !== null) return;
    this.#death = this.#deathError(cause);
    const wait = this.#wait;
    this.#wait = null;
    wait?.reject(this.#death);
  }

  #deathError(cause: Error): DataError {
    return new DataError(`The data thread ended: ${cause.message}.`, { code: "CORE_DATA_WORKER_DIED", cause });
  }
}

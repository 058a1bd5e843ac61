import type { MessagePort } from "node:worker_threads";
import {
  arrivalClock,
  type Backend,
  backends,
  CLOCK,
  type Clock,
  countedBetween,
  createClock,
  createScope,
  type EngineCounters,
  LOGGER,
  parseBackendArgs,
} from "@core/backend";
import { GraphFeed } from "@core/data/feed";
import { ControlBlock } from "../control/control-block.js";
import { RequestEngine } from "../engine/request-engine.js";
import { ThreadTimers } from "../engine/timers.js";
import type { RunPlan } from "../run-plan.js";
import { CanaryStream } from "./canary-stream.js";
import type { FromWorker, ToWorker, WorkerSetup, WorkerTask } from "./messages.js";
import { ThreadLoadMeter } from "./thread-load-meter.js";
import { toWireError } from "./wire-error.js";
import { WorkerLogger } from "./worker-logger.js";

interface RequestWorkerParts {
  readonly setup: WorkerSetup;
  readonly task: WorkerTask;
  readonly port: MessagePort;
  readonly clock: Clock;
  readonly backend: Backend;
  readonly canary: Backend | null;
}

/** What lives in a request worker's thread: one backend and its connections for all runs, one engine for each. */
export class RequestWorker {
  readonly #setup: WorkerSetup;
  readonly #port: MessagePort;
  readonly #clock: Clock;
  readonly #timers: ThreadTimers;
  readonly #backend: Backend;
  readonly #canary: Backend | null;
  readonly #feed: GraphFeed;
  #engine: RequestEngine | null = null;
  #meter: ThreadLoadMeter | null = null;
  #countersBefore: EngineCounters | null = null;

  private constructor(parts: RequestWorkerParts) {
    this.#setup = parts.setup;
    this.#port = parts.port;
    this.#clock = parts.clock;
    this.#timers = new ThreadTimers(parts.clock);
    this.#backend = parts.backend;
    this.#canary = parts.canary;
    this.#feed = new GraphFeed(parts.task.dataPort);
  }

  /**
   * Loads the plugins, which may go on while the main thread asks the server, and answers messages. What fails is told
   * in answer to a message, not thrown.
   */
  static listen(setup: WorkerSetup, port: MessagePort): void {
    const plugins = importAll(setup.plugins);
    plugins.catch(() => {}); // told in answer to "start"
    let worker: RequestWorker | null = null;
    port.on("message", async (message: ToWorker) => {
      if (message.type !== "start") {
        if (worker !== null) await worker.#receive(message);
        return;
      }
      try {
        await plugins;
        worker = await RequestWorker.#start(setup, message.task, port);
      } catch (error) {
        port.postMessage({ type: "failed", error: toWireError(error) } satisfies FromWorker);
      }
    });
  }

  /** Starts the backend. */
  static async #start(setup: WorkerSetup, task: WorkerTask, port: MessagePort): Promise<RequestWorker> {
    const clock = createClock(setup.epochNs);
    const scope = createScope();
    scope.register(CLOCK, { useValue: clock });
    const logger = new WorkerLogger(setup.worker);
    scope.register(LOGGER, { useValue: logger });
    const backend = backends.create(parseBackendArgs(task.backendArgs), scope);
    logger.tellsInfo = !backend.startsInParent;
    await backend.startup();
    const canary = task.canaryArgs === null ? null : backends.create(parseBackendArgs(task.canaryArgs), scope);
    await canary?.startup();
    const worker = new RequestWorker({ setup, task, port, clock, backend, canary });
    worker.#send({ type: "ready", limits: backend.limits() });
    return worker;
  }

  async #receive(message: ToWorker): Promise<void> {
    try {
      if (message.type === "arm")
        await this.#arm(message.plan, new ControlBlock(message.plan.workers, message.control));
      else if (message.type === "probe") this.#probed(message.sentNs);
      else if (message.type === "run") await this.#run(message.startNs);
      else if (message.type === "disarm") this.#engine?.disarm();
      else if (message.type === "stop") this.#engine?.stop();
      else if (message.type === "cut") this.#engine?.cut();
      else if (message.type === "shutdown") await this.#shutdown();
    } catch (error) {
      this.#send({ type: "failed", error: toWireError(error) });
    }
  }

  /** How far the stamp of a read would be off, to either side. */
  #probed(sentNs: number): void {
    this.#meter?.recordReadLag(Math.abs(arrivalClock.nowNs(this.#clock) - sentNs));
  }

  async #arm(plan: RunPlan, control: ControlBlock): Promise<void> {
    const { worker } = this.#setup;
    const source = this.#feed;
    source.begin(plan.epoch);
    this.#engine = new RequestEngine({
      plan,
      worker,
      backend: this.#backend,
      source,
      control,
      clock: this.#clock,
      timers: this.#timers,
      sink: {
        batch: (batch, samples) =>
          this.#send({ type: "batch", batch, samples }, batch === null ? [] : [batch.rows, batch.gaps]),
        firstTokens: (triples) => this.#send({ type: "first-tokens", triples }, [triples.buffer]),
        limitReached: (limit, atNs) => this.#send({ type: "limit-reached", limit, atNs }),
      },
    });
    this.#countersBefore = await this.#engineCounters();
    this.#send({ type: "armed", hasData: await this.#engine.arm() });
  }

  async #run(startNs: number): Promise<void> {
    if (this.#engine === null) throw new Error("run before arm");
    const meter = new ThreadLoadMeter(this.#timers);
    this.#meter = meter;
    const stream = this.#canary === null ? null : new CanaryStream(this.#canary, this.#clock);
    try {
      const report = await this.#engine.run(startNs);
      const load = meter.finish();
      const canary = (await stream?.finish()) ?? [];
      const engineCounters = countedBetween(this.#countersBefore, await this.#engineCounters());
      this.#send({ type: "done", report: { ...report, worker: this.#setup.worker, load, canary, engineCounters } });
    } finally {
      this.#engine = null;
      this.#meter = null;
    }
  }

  /** Null when the engine does not tell; the run is as right without. */
  async #engineCounters(): Promise<EngineCounters | null> {
    try {
      return await this.#backend.engineCounters();
    } catch (error) {
      const { message } = toWireError(error);
      new WorkerLogger(this.#setup.worker).warn(`The engine does not tell what it has counted: ${message}`);
      return null;
    }
  }

  async #shutdown(): Promise<void> {
    try {
      await Promise.all([this.#backend.shutdown(), this.#canary?.shutdown()]);
    } finally {
      this.#feed.close();
      this.#send({ type: "closed" });
      this.#port.close();
    }
  }

  #send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

async function importAll(plugins: readonly string[]): Promise<void> {
  for (const plugin of plugins) await import(plugin);
}

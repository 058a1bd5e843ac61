import type { Logger } from "@core/backend";
import { PYTHON_ENTRY } from "../python-entry.js";
import { VERSION } from "../version.js";
import { type BridgeMessage, Channel } from "./channel.js";
import { childEnvironment } from "./child-environment.js";
import { ClockBounds } from "./clock-bounds.js";
import { type ChildExit, EngineChild } from "./engine-child.js";
import { type EngineFailure, engineFailure, exitFailure, toError, withLog } from "./engine-failure.js";
import type { EngineInfo } from "./engine-info.js";
import type { EngineSettings } from "./engine-settings.js";
import { numberFrame } from "./generate-frame.js";
import { initMessage } from "./init-message.js";
import { Questions } from "./questions.js";
import { type BridgeFailure, type BridgeRecord, isLastRecord, type RecordSink, readRecord } from "./records.js";
import { startProgress } from "./start-progress.js";

const HELLO_LIMIT_MS = 30_000;
const CLOCK_ROUNDS = 16;
const HEARTBEAT_MS = 5_000;
/** Python may hold its lock for long while it imports and loads. */
const MOST_UNANSWERED = 24;
/** vLLM takes five seconds to shut down. */
const SHUTDOWN_LIMIT_MS = 20_000;
const TERMINATE_LIMIT_MS = 5_000;
/** For a process that has said why it ends. */
const FAREWELL_LIMIT_MS = 3_000;
const SHOWN_LINES = 20;
/** Failures whose cause stands in the log: vLLM's own message refers to it. */
const ROOT_CAUSE_CODES: ReadonlySet<string> = new Set([
  "VLLM_PYTHON_START_FAILED",
  "VLLM_PYTHON_ENGINE_DEAD",
  "VLLM_PYTHON_OUT_OF_MEMORY",
]);

/** One engine in a process of its own, from its start to its end. */
export class Engine {
  /** `process.hrtime` at which the session's instants begin. */
  readonly epochNs: bigint = process.hrtime.bigint();
  readonly #settings: EngineSettings;
  readonly #logger: Logger;
  readonly #child: EngineChild;
  readonly #channel: Channel;
  readonly #sinks = new Map<number, RecordSink>();
  readonly #questions: Questions;
  readonly #bounds = new ClockBounds();
  readonly #inbox: BridgeMessage[] = [];
  #wake: () => void = () => {};
  #nextRid = 1;
  #failure: EngineFailure | null = null;
  #exit: ChildExit | null = null;
  #isStopping = false;
  #unanswered = 0;
  #heartbeat: NodeJS.Timeout | null = null;
  #info: EngineInfo | null = null;
  #saidDrift = false;

  private constructor(settings: EngineSettings, logger: Logger) {
    this.#settings = settings;
    this.#logger = logger;
    this.#child = new EngineChild({
      python: settings.python,
      entry: PYTHON_ENTRY,
      env: childEnvironment(settings.env),
      onLine: (line) => this.#logged(line),
    });
    this.#channel = new Channel(this.#child.socket, {
      records: (records) => this.#records(records),
      message: (message) => this.#message(message),
      broken: (reason) =>
        this.#giveUp(engineFailure({ code: "protocol_error", message: reason }, "VLLM_PYTHON_PROTOCOL")),
    });
    this.#questions = new Questions(this.#channel);
    void this.#child.exited.then((exit) => this.#exited(exit));
  }

  /**
   * Starts an engine and waits until it is ready, which takes minutes for a large model.
   *
   * @throws {BackendError} With a code of VLLM_PYTHON_ERRORS; nothing is left running then.
   */
  static async start(settings: EngineSettings, logger: Logger): Promise<Engine> {
    const engine = new Engine(settings, logger);
    try {
      await engine.#start();
      return engine;
    } catch (error) {
      const failure = engine.#failure;
      if (failure !== null) await engine.#exitsWithin(FAREWELL_LIMIT_MS); // so that all of its log is read
      engine.#isStopping = true;
      engine.#child.kill();
      await engine.#child.exited;
      if (failure === null || !ROOT_CAUSE_CODES.has(failure.code)) throw error;
      throw toError({ ...failure, message: withLog(failure.message, engine.#child.log.ofFailure(SHOWN_LINES)) });
    }
  }

  /** What the engine said when it was ready. */
  get info(): EngineInfo {
    return this.#info as EngineInfo; // an engine that is handed out is ready
  }

  /** Why no request can be served any more; null while they can. */
  get failure(): EngineFailure | null {
    return this.#failure;
  }

  /** Sends a request; its records go to `sink`. Returns its number. */
  generate(frame: Buffer, sink: RecordSink): number {
    const rid = this.#nextRid;
    this.#nextRid += 1;
    numberFrame(frame, rid);
    this.#sinks.set(rid, sink);
    this.#channel.write(frame);
    return rid;
  }

  /** Cuts a request; its sink gets nothing more. Does nothing when it has ended. */
  abort(rid: number): void {
    if (this.#sinks.delete(rid)) this.#channel.send("abort", { rids: [rid], reason: "cancelled" });
  }

  /** Asks something beside generation. @throws {BackendError} What the bridge answered, or why it cannot. */
  ask(method: "health" | "stats" | "totals" | "reset_prefix_cache"): Promise<unknown> {
    if (this.#failure !== null) return Promise.reject(toError(this.#failure));
    return this.#questions.ask(method);
  }

  /** Ends the engine and all its processes. What does not end in time is killed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#channel.send("shutdown", { mode: "abort" });
    if (await this.#exitsWithin(SHUTDOWN_LIMIT_MS)) return;
    this.#logger.warn("The engine did not shut down within 20 s; its processes are told to end.");
    this.#child.terminate();
    if (await this.#exitsWithin(TERMINATE_LIMIT_MS)) return;
    this.#child.kill();
    await this.#child.exited;
  }

  async #start(): Promise<void> {
    const hello = await this.#expect(["hello"], performance.now() + HELLO_LIMIT_MS, "Python did not answer");
    this.#logger.debug(`vLLM bridge: Python ${hello.body["python"]}, vLLM ${hello.body["vllm"] ?? "unknown"}`);
    if (hello.body["bridge"] !== VERSION) {
      const message = `The Python part is of version ${String(hello.body["bridge"])}, this part of ${VERSION}.`;
      throw toError(engineFailure({ code: "version_mismatch", message }, "VLLM_PYTHON_PROTOCOL"));
    }
    await this.#compareClocks();
    this.#channel.send(
      "init",
      initMessage(this.#settings, {
        epochNs: this.epochNs,
        offsetNs: this.#bounds.offsetNs,
        folder: this.#child.folder,
      }),
    );
    const deadlineMs = performance.now() + this.#settings.startupTimeoutMs;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    for (;;) {
      const message = await this.#expect(["progress", "ready"], deadlineMs, "The engine was not ready in time");
      if (message.op === "ready") {
        this.#info = message.body as unknown as EngineInfo;
        return;
      }
      this.#logger.info(`vLLM: ${message.body["phase"]}`);
    }
  }

  /** @throws {BackendError} When the process fails first, or not in time. */
  async #expect(ops: readonly string[], deadlineMs: number, late: string): Promise<BridgeMessage> {
    for (;;) {
      const message = this.#inbox.shift();
      if (message !== undefined) {
        if (ops.includes(message.op)) return message;
        continue;
      }
      if (this.#failure !== null) throw toError(this.#failure);
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw toError(this.#late(late));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  #late(what: string): EngineFailure {
    return {
      code: "VLLM_PYTHON_STARTUP_TIMEOUT",
      message: withLog(`${what}.`, this.#child.log.ofFailure(SHOWN_LINES)),
      hint: "Raise startup_timeout when the model needs longer.",
    };
  }

  async #compareClocks(): Promise<void> {
    for (let id = 1; id <= CLOCK_ROUNDS; id += 1) {
      this.#ping(id);
      await this.#expect(["pong"], performance.now() + HELLO_LIMIT_MS, "Python did not answer");
    }
    const { offsetNs, uncertaintyNs } = this.#bounds;
    const known = `known to ${(uncertaintyNs / 1000).toFixed(1)} µs`;
    if (offsetNs === 0) this.#logger.debug(`vLLM bridge: one clock, ${known}`);
    else this.#logger.warn(`The clock of Python differs by ${(offsetNs / 1000).toFixed(1)} µs (${known}); corrected.`);
  }

  #ping(id: number): void {
    this.#channel.send("ping", { id, t: this.#nowNs() });
  }

  #nowNs(): number {
    return Number(process.hrtime.bigint() - this.epochNs);
  }

  #logged(line: string): void {
    this.#logger.debug(`vLLM: ${line}`);
    const progress = this.#info === null ? startProgress(line) : null;
    if (progress !== null) this.#logger.info(`vLLM: ${progress}`);
  }

  #records(records: readonly BridgeRecord[]): void {
    for (const record of records) {
      const sink = this.#sinks.get(record[1]);
      if (sink === undefined) continue; // it was cut
      if (isLastRecord(record[0])) this.#sinks.delete(record[1]);
      readRecord(record, sink);
    }
  }

  #message(message: BridgeMessage): void {
    const { op, body } = message;
    this.#unanswered = 0;
    switch (op) {
      case "fatal":
        this.#failure ??= engineFailure(body["err"] as BridgeFailure, "VLLM_PYTHON_START_FAILED");
        break;
      case "bye":
        this.#channel.end();
        break;
      case "pong":
        this.#pong(message);
        break;
      case "log":
        this.#logger.warn(`vLLM bridge: ${String(body["msg"])}`);
        break;
      case "res":
        this.#questions.answered(body);
        break;
      default:
        if (this.#info === null) this.#inbox.push(message);
    }
    this.#wake();
  }

  #pong(message: BridgeMessage): void {
    const [sentNs, receivedNs, answeredNs] = ["t", "t_rx", "t_tx"].map((name) => Number(message.body[name]));
    const epochNs = Number(this.epochNs);
    const trip = [sentNs ?? 0, (receivedNs ?? 0) - epochNs, (answeredNs ?? 0) - epochNs, this.#nowNs()] as const;
    if (this.#heartbeat === null) {
      this.#bounds.add(...trip);
      this.#inbox.push(message);
    } else if (!this.#bounds.isPossible(...trip) && !this.#saidDrift) {
      this.#saidDrift = true;
      this.#logger.warn(
        "The clocks of Python and goodput have drifted apart: stamps of this run are not to be trusted.",
      );
    }
  }

  /** Counts beats, not time: a machine that slept has missed one. */
  #beat(): void {
    this.#unanswered += 1;
    if (this.#unanswered <= MOST_UNANSWERED) {
      this.#ping(0);
      return;
    }
    const seconds = (MOST_UNANSWERED * HEARTBEAT_MS) / 1000;
    this.#giveUp({
      code: "VLLM_PYTHON_HEARTBEAT_LOST",
      message: withLog(
        `The process of the engine has not answered for ${seconds} s.`,
        this.#child.log.ofFailure(SHOWN_LINES),
      ),
      hint: "It is stopped, or the machine is out of memory or processor time.",
    });
  }

  /** The process is of no use any more. */
  #giveUp(failure: EngineFailure): void {
    this.#failure ??= failure;
    this.#child.kill();
  }

  #exited(exit: ChildExit): void {
    this.#exit = exit;
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    if (!this.#isStopping)
      this.#failure ??= exitFailure(exit, this.#settings.python, this.#child.log.ofFailure(SHOWN_LINES));
    this.#failure ??= {
      code: "VLLM_PYTHON_PROCESS_EXITED",
      message: "The engine was shut down.",
      hint: "Start it again.",
    };
    const failure = this.#failure;
    if (!this.#isStopping && this.#info !== null) this.#tellDeath(failure);
    const nowNs = this.#nowNs();
    for (const sink of this.#sinks.values()) sink.lost(nowNs, failure);
    this.#sinks.clear();
    this.#questions.fail(failure);
    this.#wake();
  }

  /** Requests fail with one sentence each; what the log says about the cause is told once. */
  #tellDeath({ code, message }: EngineFailure): void {
    const lines = this.#child.log.ofFailure(SHOWN_LINES);
    this.#logger.warn(ROOT_CAUSE_CODES.has(code) ? withLog(message, lines) : message);
  }

  async #exitsWithin(limitMs: number): Promise<boolean> {
    if (this.#exit !== null) return true;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, limitMs, false);
    });
    try {
      return await Promise.race([this.#child.exited.then(() => true), limit]);
    } finally {
      clearTimeout(timer);
    }
  }
}

import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { LagHistogram, summarizeLag } from "../engine/lag-histogram.js";
import type { ThreadTimers } from "../engine/timers.js";
import type { ThreadLoad } from "../run/worker-link.js";
import { CollectionMeter } from "./collection-meter.js";
import { RunQueueMeter, type RunQueueWait } from "./run-queue-meter.js";

const RESOLUTION_MS = 10;
/** The run queue is looked at this often, so that a bad second is seen among good ones. */
const SAMPLE_MS = 250;

/** Measures what this thread goes through from its creation on; nothing of it is on the way of a request. */
export class ThreadLoadMeter {
  readonly #timers: ThreadTimers;
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #utilization = performance.eventLoopUtilization();
  readonly #cpu = threadCpuMicroseconds();
  readonly #readLag = new LagHistogram();
  readonly #collections = new CollectionMeter();
  readonly #runQueue = RunQueueMeter.open();
  readonly #startMs = performance.now();
  readonly #yieldedNs: number;
  readonly #firstWait: RunQueueWait | null;
  readonly #sampling: NodeJS.Timeout | null;
  #lastWait: RunQueueWait | null;
  #lastMs = this.#startMs;
  #worstWaitShare = 0;

  constructor(timers: ThreadTimers) {
    this.#timers = timers;
    this.#yieldedNs = timers.yieldedNs;
    this.#firstWait = this.#runQueue?.read() ?? null;
    this.#lastWait = this.#firstWait;
    this.#sampling = this.#runQueue === null ? null : setInterval(() => this.#sample(), SAMPLE_MS).unref();
    this.#delay.enable();
  }

  /** Takes how late a probe was read. */
  recordReadLag(lagNs: number): void {
    this.#readLag.record(lagNs);
  }

  /** Ends the measurement. */
  finish(): ThreadLoad {
    this.#delay.disable();
    if (this.#sampling !== null) clearInterval(this.#sampling);
    this.#sample();
    this.#runQueue?.close();
    const cpu = threadCpuMicroseconds();
    const elapsedSeconds = (performance.now() - this.#startMs) / 1e3;
    return {
      elapsedSeconds,
      // Node records the whole interval between two samples.
      eventLoopDelay: summarizeLag(this.#delay, RESOLUTION_MS * 1e6),
      readLag: this.#readLag.summary(),
      eventLoopUtilization: performance.eventLoopUtilization(this.#utilization).utilization,
      cpuSeconds: cpu === null || this.#cpu === null ? null : (cpu - this.#cpu) / 1e6,
      yieldedSeconds: (this.#timers.yieldedNs - this.#yieldedNs) / 1e9,
      collections: this.#collections.finish(),
      runQueue: this.#runQueueOf(),
    };
  }

  #sample(): void {
    const wait = this.#runQueue?.read() ?? null;
    const nowMs = performance.now();
    if (wait !== null && this.#lastWait !== null && nowMs - this.#lastMs >= SAMPLE_MS / 2) {
      const share = (wait.waitNs - this.#lastWait.waitNs) / ((nowMs - this.#lastMs) * 1e6);
      this.#worstWaitShare = Math.max(this.#worstWaitShare, share);
    }
    this.#lastWait = wait;
    this.#lastMs = nowMs;
  }

  #runQueueOf(): ThreadLoad["runQueue"] {
    if (this.#firstWait === null || this.#lastWait === null) return null;
    return {
      waitNs: this.#lastWait.waitNs - this.#firstWait.waitNs,
      turns: this.#lastWait.turns - this.#firstWait.turns,
      worstShare: this.#worstWaitShare,
    };
  }
}

/** CPU time of this thread so far, user and system; null before Node 23.9. */
function threadCpuMicroseconds(): number | null {
  if (typeof process.threadCpuUsage !== "function") return null;
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

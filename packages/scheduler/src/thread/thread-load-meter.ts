import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { summarizeLag } from "../engine/lag-histogram.js";
import type { ThreadTimers } from "../engine/timers.js";
import type { ThreadLoad } from "../run/worker-link.js";

const RESOLUTION_MS = 10;

/** Measures what this thread goes through from its creation on. */
export class ThreadLoadMeter {
  readonly #timers: ThreadTimers;
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #utilization = performance.eventLoopUtilization();
  readonly #cpu = threadCpuMicroseconds();
  readonly #yieldedNs: number;

  constructor(timers: ThreadTimers) {
    this.#timers = timers;
    this.#yieldedNs = timers.yieldedNs;
    this.#delay.enable();
  }

  /** Ends the measurement. */
  finish(): ThreadLoad {
    this.#delay.disable();
    const cpu = threadCpuMicroseconds();
    return {
      // Node records the whole interval between two samples.
      eventLoopDelay: summarizeLag(this.#delay, RESOLUTION_MS * 1e6),
      eventLoopUtilization: performance.eventLoopUtilization(this.#utilization).utilization,
      cpuSeconds: cpu === null || this.#cpu === null ? null : (cpu - this.#cpu) / 1e6,
      yieldedSeconds: (this.#timers.yieldedNs - this.#yieldedNs) / 1e9,
    };
  }
}

/** CPU time of this thread so far, user and system; null before Node 23.9. */
function threadCpuMicroseconds(): number | null {
  if (typeof process.threadCpuUsage !== "function") return null;
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

import { closeSync, openSync, readSync } from "node:fs";

/** How a thread got along with others that want its core. */
export interface RunQueueWait {
  /** Time in which the thread was ready to run and did not. */
  readonly waitNs: number;
  /** Times it was given a core: the waits that there were. */
  readonly turns: number;
}

const SCHEDSTAT = "/proc/thread-self/schedstat";

/** Reads Linux's scheduler statistics of the calling thread: a few microseconds a reading. */
export class RunQueueMeter {
  readonly #buffer = Buffer.alloc(96);
  readonly #file: number;

  private constructor(file: number) {
    this.#file = file;
  }

  /** The meter of the calling thread; null where the system keeps no such statistics. */
  static open(): RunQueueMeter | null {
    try {
      const meter = new RunQueueMeter(openSync(SCHEDSTAT, "r"));
      if (meter.read() !== null) return meter;
      meter.close();
    } catch {
      // no Linux, or a container that hides it
    }
    return null;
  }

  /** Since the thread began; null when it cannot be read. */
  read(): RunQueueWait | null {
    const bytes = readSync(this.#file, this.#buffer, 0, this.#buffer.length, 0);
    const [, waitNs, turns] = this.#buffer.toString("latin1", 0, bytes).trim().split(" ").map(Number);
    return waitNs === undefined || turns === undefined || !Number.isFinite(waitNs + turns) ? null : { waitNs, turns };
  }

  close(): void {
    closeSync(this.#file);
  }
}

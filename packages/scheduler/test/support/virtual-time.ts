import type { Clock } from "@core/backend";
import type { Timers } from "../../src/engine/timers.js";

interface Event {
  readonly atNs: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** Time that moves only from one planned event to the next. Events of one instant run in the order of planning. */
export class VirtualTime implements Clock {
  #nowNs = 0;
  #order = 0;
  readonly #events: Event[] = [];

  nowNs(): number {
    return this.#nowNs;
  }

  /** Plans a callback. */
  plan(atNs: number, callback: () => void): () => void {
    const event = { atNs: Math.max(atNs, this.#nowNs), order: this.#order, callback, cancelled: false };
    this.#order += 1;
    this.#events.push(event);
    return () => {
      event.cancelled = true;
    };
  }

  /** Resolves after a virtual duration, or when the signal aborts. */
  sleep(durationNs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.plan(this.#nowNs + durationNs, resolve);
      signal?.addEventListener("abort", () => {
        cancel();
        resolve();
      });
    });
  }

  /** Timers of one thread. */
  timers(): Timers {
    let cancelAt = () => {};
    return {
      at: (deadlineNs, callback) => {
        cancelAt();
        cancelAt = this.plan(deadlineNs, callback);
      },
      clear: () => cancelAt(),
      soon: (callback) => void this.plan(this.#nowNs, callback),
      spare: (callback) => void this.plan(this.#nowNs, callback),
      idle: (callback) => void this.plan(this.#nowNs, callback),
      after: (durationNs, callback) => this.plan(this.#nowNs + durationNs, callback),
    };
  }

  /** Lets time pass until `promise` settles. Fails when nothing is planned any more: the promise would never settle. */
  async until<T>(promise: Promise<T>, limitNs = Number.POSITIVE_INFINITY): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    for (;;) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (settled) return promise;
      const next = this.#takeNext();
      if (next === null) throw new Error(`nothing happens any more at ${this.#nowNs} ns`);
      if (next.atNs > limitNs) throw new Error(`still running at ${limitNs} ns`);
      this.#nowNs = next.atNs;
      next.callback();
    }
  }

  #takeNext(): Event | null {
    let best: Event | null = null;
    for (const event of this.#events) {
      if (event.cancelled) continue;
      if (best === null || event.atNs < best.atNs || (event.atNs === best.atNs && event.order < best.order))
        best = event;
    }
    const live = this.#events.filter((event) => !event.cancelled && event !== best);
    this.#events.splice(0, this.#events.length, ...live);
    return best;
  }
}

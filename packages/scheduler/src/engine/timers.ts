import { betweenReads, type Clock } from "@core/backend";

/** How the engine waits; tests replace it by virtual time. */
export interface Timers {
  /** Calls back at an instant of the run's clock, never earlier; replaces the earlier call of this kind. */
  at(deadlineNs: number, callback: () => void): void;
  /** Forgets the pending {@link at}. */
  clear(): void;
  /** Calls back in the next turn of the event loop, after pending reads. */
  soon(callback: () => void): void;
  /** Calls back between reads, in this order, as many in a turn as reads leave time for. */
  spare(callback: () => void): void;
  /** Calls back between reads once nothing waits that was given to {@link spare}. */
  idle(callback: () => void): void;
  /** Calls back after about `durationNs` (coarse, whole milliseconds); the result cancels it. */
  after(durationNs: number, callback: () => void): () => void;
}

/** Time before a deadline from which the event loop is polled instead of slept in. */
const YIELD_WINDOW_NS = 1.5e6;

/**
 * Timers of a thread: a coarse timer until 1.5 ms before the deadline, then one `setImmediate` per turn of the event
 * loop against the clock. Sockets are read in every one of these turns: waiting never blocks.
 */
export class ThreadTimers implements Timers {
  readonly #clock: Clock;
  #callback: (() => void) | null = null;
  #deadlineNs = 0;
  #timeout: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #yieldStartNs = Number.NaN;
  #yieldedNs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Time spent polling so far: what the precision costs. */
  get yieldedNs(): number {
    return this.#yieldedNs;
  }

  at(deadlineNs: number, callback: () => void): void {
    this.clear();
    this.#deadlineNs = deadlineNs;
    this.#callback = callback;
    this.#wait();
  }

  clear(): void {
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#timeout = null;
    this.#immediate = null;
    this.#callback = null;
    this.#endYield();
  }

  soon(callback: () => void): void {
    setImmediate(callback);
  }

  spare(callback: () => void): void {
    betweenReads.add({ run: callback });
  }

  idle(callback: () => void): void {
    betweenReads.addIdle({ run: callback });
  }

  after(durationNs: number, callback: () => void): () => void {
    const timeout = setTimeout(callback, Math.ceil(durationNs / 1e6));
    return () => clearTimeout(timeout);
  }

  readonly #wait = (): void => {
    this.#timeout = null;
    this.#immediate = null;
    const leftNs = this.#deadlineNs - this.#clock.nowNs();
    if (leftNs > YIELD_WINDOW_NS + 1e6) {
      this.#timeout = setTimeout(this.#wait, Math.floor((leftNs - YIELD_WINDOW_NS) / 1e6));
    } else if (leftNs > 0) {
      if (Number.isNaN(this.#yieldStartNs)) this.#yieldStartNs = this.#clock.nowNs();
      this.#immediate = setImmediate(this.#wait);
    } else {
      const callback = this.#callback;
      this.clear();
      callback?.();
    }
  };

  #endYield(): void {
    if (Number.isNaN(this.#yieldStartNs)) return;
    this.#yieldedNs += this.#clock.nowNs() - this.#yieldStartNs;
    this.#yieldStartNs = Number.NaN;
  }
}

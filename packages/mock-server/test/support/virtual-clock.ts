import type { ScheduleClock } from "../../src/schedule-clock.js";

/** Time of one turn of the event loop in these tests. */
export const TURN_NS = 50_000;

/** Moves only when stepped; timers fire late by up to 1 ms, as Node's do. */
export class VirtualClock implements ScheduleClock {
  now = 0;
  timersSet = 0;
  readonly #waiting = new Map<number, { atNs: number; wake: () => void }>();
  readonly #lateNs: () => number;
  #next = 0;

  constructor(lateNs: () => number = () => 0) {
    this.#lateNs = lateNs;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  nowNs(): number {
    return this.now;
  }

  setTimer(delayMs: number, wake: () => void): () => void {
    this.timersSet += 1;
    return this.#wait(this.now + delayMs * 1e6 + this.#lateNs(), wake);
  }

  yieldOnce(wake: () => void): () => void {
    return this.#wait(this.now + TURN_NS, wake);
  }

  /** Goes to the next waking; false when nothing waits. */
  step(): boolean {
    const [first] = [...this.#waiting].sort(([, a], [, b]) => a.atNs - b.atNs);
    if (first === undefined) return false;
    this.#waiting.delete(first[0]);
    this.now = Math.max(this.now, first[1].atNs);
    first[1].wake();
    return true;
  }

  /** Goes to the next waking if it comes by then, else to that instant; false when nothing comes any more by then. */
  stepUntil(ns: number): boolean {
    const next = Math.min(...[...this.#waiting.values()].map(({ atNs }) => atNs));
    if (next <= ns) return this.step();
    this.now = Math.max(this.now, ns);
    return false;
  }

  #wait(atNs: number, wake: () => void): () => void {
    const key = this.#next;
    this.#next += 1;
    this.#waiting.set(key, { atNs, wake });
    return () => void this.#waiting.delete(key);
  }
}

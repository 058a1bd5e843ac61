import { DueHeap } from "./due-heap.js";
import type { ScheduleClock } from "./schedule-clock.js";

/** A timer of Node fires up to about 1 ms late, so the last stretch before an action is waited for in event loop turns. */
const SPIN_NS = 2e6;

/** Actions run before the event loop gets its turn, so that overdue writes cannot keep arrivals from being read. */
const MOST_ACTIONS_PER_TURN = 256;

/** Longest delay that Node's timers take, ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs the actions of all connections at their absolute instants, in order of those, never early; what is late is
 * caught up at once. One timer in all.
 */
export class WriteSchedule {
  readonly #clock: ScheduleClock;
  readonly #heap = new DueHeap();
  #cancelWake: (() => void) | null = null;
  /** When the timer fires at the earliest; 0 while event loop turns are taken; infinite while nothing is waited for. */
  #wakeNs = Number.POSITIVE_INFINITY;

  constructor(clock: ScheduleClock) {
    this.#clock = clock;
  }

  /** Runs `run` once, at `dueNs` or as soon after as can be; never within this call. */
  at(dueNs: number, run: () => void): void {
    this.#heap.push({ dueNs, run });
    this.#arm();
  }

  /** Drops everything that has not run. */
  clear(): void {
    this.#heap.clear();
    this.#disarm();
  }

  #arm(): void {
    const dueNs = this.#heap.nextDueNs;
    if (this.#wakeNs === 0 || dueNs === Number.POSITIVE_INFINITY || dueNs - SPIN_NS >= this.#wakeNs) return;
    this.#disarm();
    const delayMs = Math.min(Math.floor((dueNs - SPIN_NS - this.#clock.nowNs()) / 1e6), LONGEST_TIMER_MS);
    this.#wakeNs = delayMs < 1 ? 0 : dueNs - SPIN_NS;
    const wake = () => this.#runDue();
    this.#cancelWake = delayMs < 1 ? this.#clock.yieldOnce(wake) : this.#clock.setTimer(delayMs, wake);
  }

  #disarm(): void {
    this.#cancelWake?.();
    this.#cancelWake = null;
    this.#wakeNs = Number.POSITIVE_INFINITY;
  }

  #runDue(): void {
    this.#cancelWake = null;
    this.#wakeNs = 0; // what the actions add is looked at below, once
    for (let ran = 0; ran < MOST_ACTIONS_PER_TURN; ran += 1) {
      const action = this.#heap.takeDue(this.#clock.nowNs());
      if (action === undefined) break;
      action.run();
    }
    this.#wakeNs = Number.POSITIVE_INFINITY;
    this.#arm();
  }
}

import type { ControlBlock } from "../control/control-block.js";
import type { OpenSchedule } from "../strategy/schedule.js";

const MAX_COUNTED = 1_000_000;

/**
 * The instants of an open schedule as one worker sees them, each for one send. They are dealt out to the workers one after
 * the other; those of a worker that has no more conversations to begin are there for all, so that none is lost to it.
 */
export class Instants {
  readonly #schedule: OpenSchedule;
  readonly #control: ControlBlock;
  readonly #worker: number;
  #startNs = 0;
  #isShared = false;
  #seenIndex = -1;
  #seenOffsetNs = Number.NaN;

  constructor(schedule: OpenSchedule, control: ControlBlock, worker: number) {
    this.#schedule = schedule;
    this.#control = control;
    this.#worker = worker;
  }

  /** Fixes the start of the schedule. */
  start(startNs: number): void {
    this.#startNs = startNs;
  }

  /** Number of the next instant. */
  get nextIndex(): number {
    return this.#control.nextInstant(this.#worker);
  }

  /** The next instant, infinite when there are no more. */
  get nextNs(): number {
    return this.#instantNs(this.nextIndex);
  }

  /** Takes the next instant; NaN when another worker was faster. */
  take(): number {
    const index = this.nextIndex;
    return this.#control.takeInstant(index) ? this.#instantNs(index) : Number.NaN;
  }

  /** Leaves the instants of this worker to all. */
  share(): void {
    if (this.#isShared) return;
    this.#isShared = true;
    this.#control.shareInstants(this.#worker);
  }

  /**
   * Moves all instants that have not been taken.
   *
   * @returns Whether they were moved: not when another worker does it at the same time.
   */
  move(byNs: number): boolean {
    return this.#control.moveInstants(this.#control.instantShiftNs, byNs);
  }

  /**
   * Takes all instants before an end.
   *
   * @param limit - Number of instants that there are; may be infinite.
   * @returns How many they were: each is counted by one worker.
   */
  countBefore(endNs: number, limit: number): number {
    let count = 0;
    while (count < MAX_COUNTED && this.nextIndex < limit && this.nextNs < endNs) {
      if (!Number.isNaN(this.take())) count += 1;
    }
    return count;
  }

  #instantNs(index: number): number {
    if (index !== this.#seenIndex) {
      this.#seenIndex = index;
      this.#seenOffsetNs = this.#schedule.startOffsetNs(index);
    }
    return this.#startNs + this.#seenOffsetNs + this.#control.instantShiftNs;
  }
}

import type { ControlBlock } from "../control/control-block.js";
import type { OpenSchedule } from "../strategy/schedule.js";

const MAX_COUNTED = 1_000_000;

/**
 * The instants of an open schedule, each for one send of one worker. A worker takes an instant when it has something to
 * send, so that idle workers use up none, whatever their number.
 */
export class Instants {
  readonly #schedule: OpenSchedule;
  readonly #control: ControlBlock;
  #startNs = 0;
  #held = -1;
  #seenIndex = -1;
  #seenOffsetNs = Number.NaN;

  constructor(schedule: OpenSchedule, control: ControlBlock) {
    this.#schedule = schedule;
    this.#control = control;
  }

  /** Fixes the start of the schedule. */
  start(startNs: number): void {
    this.#startNs = startNs;
  }

  /** Whether an instant has been taken and not used. */
  get held(): boolean {
    return this.#held >= 0;
  }

  /** The instant that was taken; else the next that nobody has taken, infinite when there are no more. */
  get nextNs(): number {
    return this.#instantNs(this.held ? this.#held : this.nextIndex);
  }

  /** Number of the next instant that nobody has taken. */
  get nextIndex(): number {
    return this.#control.nextInstant;
  }

  /** Takes the next instant. */
  take(): void {
    this.#held = this.#control.claimInstant();
  }

  /** Uses the held instant up. */
  use(): void {
    this.#held = -1;
  }

  /**
   * Moves all instants that have not been used, those that other workers hold too.
   *
   * @returns Whether they were moved: not when another worker does it at the same time.
   */
  move(byNs: number): boolean {
    return this.#control.moveInstants(this.#control.instantShiftNs, byNs);
  }

  /**
   * Takes all instants before an end that nobody has taken, and gives up the held one.
   *
   * @param limit - Number of instants that there are; may be infinite.
   * @returns How many they were: each is counted by one worker.
   */
  countBefore(endNs: number, limit: number): number {
    let count = this.held && this.nextNs < endNs ? 1 : 0;
    this.use();
    while (count < MAX_COUNTED && this.nextIndex < limit && this.nextNs < endNs) {
      this.#control.claimInstant();
      count += 1;
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

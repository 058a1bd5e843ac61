import type { Clock } from "./clock.js";

/** How many ready sockets one look at them tells of: libuv asks the kernel for so many at most, and then looks again. */
const LOOK = process.platform === "win32" ? 1 : 1024;

/** Tells when the bytes of a read arrived, in nanoseconds of `clock`. To be asked on the stack of the read. */
export interface Arrivals {
  nowNs(clock: Clock): number;
}

/**
 * Tells when the bytes of a read arrived, as well as a thread can know it. A turn of the event loop first asks the kernel
 * which sockets have something to read, and then reads them one after the other. So all reads of one look at the sockets
 * share an instant: the last one's bytes were there when the first was read. And when the thread did not wait for that
 * look (it had been busy since the look before), they came at some instant between the two looks: the middle is taken,
 * which is right on average, and off by half the distance at most. The end of that interval would make every mean too
 * late by half a turn of the loop; on a busy core that is milliseconds.
 */
export class ArrivalClock implements Arrivals {
  readonly #idleMs: () => number;
  #clock: Clock | null = null;
  /** What the reads of this look are stamped with. */
  #atNs = 0;
  #lookNs = 0;
  #idleAtLookMs = 0;
  #left = 0;
  #planned = false;

  /** @param idleMs - For how long in all this thread's event loop has waited for something to happen. */
  constructor(idleMs: () => number = () => performance.nodeTiming.idleTime) {
    this.#idleMs = idleMs;
  }

  nowNs(clock: Clock): number {
    if (this.#left > 0 && this.#clock === clock) {
      this.#left -= 1;
      return this.#atNs;
    }
    return this.#look(clock);
  }

  #look(clock: Clock): number {
    const nowNs = clock.nowNs();
    const idleMs = this.#idleMs();
    const hasWaited = idleMs > this.#idleAtLookMs || this.#clock !== clock;
    this.#atNs = hasWaited ? nowNs : (this.#lookNs + nowNs) / 2;
    this.#clock = clock;
    this.#lookNs = nowNs;
    this.#idleAtLookMs = idleMs;
    this.#left = LOOK - 1;
    if (!this.#planned) {
      this.#planned = true;
      setImmediate(this.#turned); // runs when the sockets of this look have been read
    }
    return this.#atNs;
  }

  readonly #turned = (): void => {
    this.#planned = false;
    this.#left = 0;
  };
}

/** That of this thread. */
export const arrivalClock: ArrivalClock = new ArrivalClock();

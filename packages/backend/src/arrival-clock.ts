import type { Clock } from "./clock.js";

/** How many ready sockets one look at them tells of: libuv asks the kernel for so many at most, and then looks again. */
export const MOST_READS: number = process.platform === "win32" ? 128 : 1024;

/** Tells when the bytes of a read arrived, in nanoseconds of `clock`. To be asked on the stack of the read. */
export interface Arrivals {
  nowNs(clock: Clock): number;
}

/** What the event loop of a thread tells of itself. */
export interface LoopMeter {
  /** For how long in all it has waited for something to happen. */
  idleMs(): number;
  /** How often it has looked at the sockets. */
  looks(): number;
}

const THREAD_LOOP: LoopMeter = {
  idleMs: () => performance.nodeTiming.idleTime,
  looks: () => performance.nodeTiming.uvMetricsInfo.loopCount,
};

/**
 * Tells when the bytes of a read arrived, as well as a thread can know it. A turn of the event loop first asks the kernel
 * which sockets have something to read, and then reads them one after the other. So all reads of one look at the sockets
 * share an instant: the last one's bytes were there when the first was read. And when the thread did not wait for that
 * look (it had been busy since the look before), they came at some instant between the two looks: the middle is taken,
 * which is right on average, and off by half the distance at most. The end of that interval would make every mean too
 * late by half a turn of the loop; on a busy core that is milliseconds.
 *
 * The instant of a look is known from its first read, or from who runs behind it ({@link looked}). Where nobody told of the
 * look before, the interval is not known, and its end is taken.
 */
export class ArrivalClock implements Arrivals {
  readonly #loop: LoopMeter;
  #clock: Clock | null = null;
  /** What the reads of this look are stamped with. */
  #atNs = 0;
  #lookNs = 0;
  #look = 0;
  #idleMs = 0;
  #left = 0;
  #planned = false;

  constructor(loop: LoopMeter = THREAD_LOOP) {
    this.#loop = loop;
  }

  nowNs(clock: Clock): number {
    if (this.#left === 0 || this.#clock !== clock) this.#begin(clock);
    else this.#left -= 1;
    return this.#atNs;
  }

  /** To be called directly behind a look at the sockets: it may have found nothing to read. */
  looked(): void {
    const look = this.#loop.looks();
    if (this.#clock === null || look === this.#look) return;
    this.#atNs = this.#clock.nowNs();
    this.#lookNs = this.#atNs;
    this.#look = look;
    this.#idleMs = this.#loop.idleMs();
  }

  /** The first or second read of a look, or the one after the most that a look can tell of. */
  #begin(clock: Clock): void {
    const look = this.#loop.looks();
    const isSame = this.#clock === clock;
    if (isSame && look === this.#look && !this.#planned) {
      this.#share();
      return;
    }
    const nowNs = clock.nowNs();
    const idleMs = this.#loop.idleMs();
    const isInterval = isSame && look - this.#look <= 1 && idleMs === this.#idleMs;
    this.#atNs = isInterval ? (this.#lookNs + nowNs) / 2 : nowNs;
    this.#clock = clock;
    this.#lookNs = nowNs;
    this.#look = look;
    this.#idleMs = idleMs;
    if (this.#planned) this.#left = MOST_READS - 1;
  }

  /** Perf: a look with a second read has many, as a rule; asking for its number at each costs more than a note of its end. */
  #share(): void {
    this.#left = MOST_READS - 2;
    this.#planned = true;
    setImmediate(this.#end); // runs when the sockets of this look have been read
  }

  readonly #end = (): void => {
    this.#planned = false;
    this.#left = 0;
  };
}

/** That of this thread. */
export const arrivalClock: ArrivalClock = new ArrivalClock();

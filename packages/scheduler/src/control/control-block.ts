const STOP = 0;
const CUT = 1;
const CLAIMED = 2;
const PROCESSED = 3;
const ERRORED = 4;
const SHARING = 5;
const INSTANT_SHIFT = 6;
/** Unit of the shift of the instants: an Int32 then holds six hours. */
const SHIFT_UNIT_NS = 10_000;
/** Perf: every worker's counters have cache lines of their own. */
const STRIDE = 32;
const ISSUED = 0;
const WORKER_COMPLETED = 1;
const WORKER_ERRORED = 2;
const WORKER_CANCELLED = 3;
const WORKER_WAITING = 4;
const WORKER_INSTANTS = 5;
const WORKER_SHARES = 6;
/** Names of the running sums, one writer each. */
const SUMS = [
  "ttftCount",
  "ttftSumNs",
  "gapCount",
  "gapSumNs",
  "latencyCount",
  "latencySumNs",
  "promptTokens",
  "outputTokens",
] as const;
const SUM_STRIDE = 16;

/** Running sums over completed requests. */
export type ProgressSums = Record<(typeof SUMS)[number], number>;

/** How many requests are where. */
export interface RequestCounts {
  readonly issued: number;
  readonly completed: number;
  readonly errored: number;
  readonly cancelled: number;
  readonly inFlight: number;
}

/** How a request ended, as counted here. */
export type TerminalCount = "completed" | "errored" | "cancelled";

/**
 * Counters and flags of one run in shared memory: limits are exact over all workers and cost no message. One block per
 * run, so that a late writer of an earlier run cannot disturb.
 */
export class ControlBlock {
  readonly buffer: SharedArrayBuffer;
  readonly workers: number;
  readonly #counters: Int32Array;
  readonly #sums: Float64Array;

  /** Creates a block, or opens the one in `buffer`. */
  constructor(workers: number, buffer?: SharedArrayBuffer) {
    const counterBytes = STRIDE * (workers + 1) * 4;
    this.workers = workers;
    this.buffer = buffer ?? new SharedArrayBuffer(counterBytes + SUM_STRIDE * workers * 8);
    this.#counters = new Int32Array(this.buffer, 0, STRIDE * (workers + 1));
    this.#sums = new Float64Array(this.buffer, counterBytes, SUM_STRIDE * workers);
  }

  /** Whether nothing more may be sent. */
  get stopRequested(): boolean {
    return Atomics.load(this.#counters, STOP) === 1;
  }

  /** Whether requests in flight are to be aborted. */
  get cutRequested(): boolean {
    return Atomics.load(this.#counters, CUT) === 1;
  }

  /** Forbids sending. */
  requestStop(): void {
    Atomics.store(this.#counters, STOP, 1);
  }

  /** Forbids sending and asks for aborts. */
  requestCut(): void {
    this.requestStop();
    Atomics.store(this.#counters, CUT, 1);
  }

  /**
   * Takes the next ticket of all workers together.
   *
   * @param limit - Number of tickets there are; may be infinite.
   * @returns The ticket, from 0, or null when there are none left.
   */
  claim(limit: number): number | null {
    for (;;) {
      const claimed = Atomics.load(this.#counters, CLAIMED);
      if (claimed >= limit) return null;
      if (Atomics.compareExchange(this.#counters, CLAIMED, claimed, claimed + 1) === claimed) return claimed;
    }
  }

  /** Tickets that were taken. */
  get claimed(): number {
    return Atomics.load(this.#counters, CLAIMED);
  }

  /**
   * Number of the next instant of an open schedule that a worker may take: the instants are dealt out one after the other,
   * and those of workers that share theirs are anybody's.
   */
  nextInstant(worker: number): number {
    let next = this.#nextInstantOf(worker);
    if (Atomics.load(this.#counters, SHARING) === 0) return next;
    for (let other = 0; other < this.workers; other += 1) {
      if (Atomics.load(this.#counters, at(other, WORKER_SHARES)) === 1)
        next = Math.min(next, this.#nextInstantOf(other));
    }
    return next;
  }

  /** Takes an instant that was the next one. Returns false when another worker was faster. */
  takeInstant(index: number): boolean {
    const counter = at(index % this.workers, WORKER_INSTANTS);
    const taken = Math.floor(index / this.workers);
    return Atomics.compareExchange(this.#counters, counter, taken, taken + 1) === taken;
  }

  /** Lets every worker take the instants of this one, which begins no more conversations. */
  shareInstants(worker: number): void {
    if (Atomics.exchange(this.#counters, at(worker, WORKER_SHARES), 1) === 0) Atomics.add(this.#counters, SHARING, 1);
  }

  /** By how much the instants that have not been used were moved, nanoseconds. */
  get instantShiftNs(): number {
    return Atomics.load(this.#counters, INSTANT_SHIFT) * SHIFT_UNIT_NS;
  }

  /**
   * Moves the instants that have not been used, if they stand where the caller saw them.
   *
   * @returns Whether they were moved.
   */
  moveInstants(seenShiftNs: number, byNs: number): boolean {
    const seen = Math.round(seenShiftNs / SHIFT_UNIT_NS);
    const moved = seen + Math.round(byNs / SHIFT_UNIT_NS);
    return Atomics.compareExchange(this.#counters, INSTANT_SHIFT, seen, moved) === seen;
  }

  /** Counts a request as issued by a worker. */
  issue(worker: number): void {
    Atomics.add(this.#counters, at(worker, ISSUED), 1);
  }

  /** Counts the end of a request. Returns the totals of all workers after it, each value to exactly one caller. */
  finish(worker: number, outcome: TerminalCount): { readonly processed: number; readonly errored: number } {
    const field = { completed: WORKER_COMPLETED, errored: WORKER_ERRORED, cancelled: WORKER_CANCELLED }[outcome];
    Atomics.add(this.#counters, at(worker, field), 1);
    const errored = outcome === "errored" ? Atomics.add(this.#counters, ERRORED, 1) + 1 : 0;
    return { processed: Atomics.add(this.#counters, PROCESSED, 1) + 1, errored };
  }

  /** States how many requests of a worker have no token yet. */
  setWaiting(worker: number, count: number): void {
    Atomics.store(this.#counters, at(worker, WORKER_WAITING), count);
  }

  /** Requests of all workers that had no token yet when each of them last looked. */
  get waiting(): number {
    let waiting = 0;
    for (let worker = 0; worker < this.workers; worker += 1) {
      waiting += Atomics.load(this.#counters, at(worker, WORKER_WAITING));
    }
    return waiting;
  }

  #nextInstantOf(worker: number): number {
    return worker + this.workers * Atomics.load(this.#counters, at(worker, WORKER_INSTANTS));
  }

  /** Counts of one worker. */
  countsOf(worker: number): RequestCounts {
    // Ends are read before starts: a request that ends in between is then counted as in flight, never as minus one.
    const completed = Atomics.load(this.#counters, at(worker, WORKER_COMPLETED));
    const errored = Atomics.load(this.#counters, at(worker, WORKER_ERRORED));
    const cancelled = Atomics.load(this.#counters, at(worker, WORKER_CANCELLED));
    const issued = Atomics.load(this.#counters, at(worker, ISSUED));
    return { issued, completed, errored, cancelled, inFlight: issued - completed - errored - cancelled };
  }

  /** Counts of all workers. */
  counts(): RequestCounts {
    const total = { issued: 0, completed: 0, errored: 0, cancelled: 0, inFlight: 0 };
    for (let worker = 0; worker < this.workers; worker += 1) {
      const own = this.countsOf(worker);
      for (const name of Object.keys(total) as (keyof RequestCounts)[]) total[name] += own[name];
    }
    return total;
  }

  /** Adds to a running sum of a worker; NaN is left out. */
  add(worker: number, name: (typeof SUMS)[number], value: number): void {
    const position = worker * SUM_STRIDE + SUMS.indexOf(name);
    if (!Number.isNaN(value)) this.#sums[position] = (this.#sums[position] ?? 0) + value;
  }

  /** Running sums over all workers. */
  sums(): ProgressSums {
    const total = Object.fromEntries(SUMS.map((name) => [name, 0])) as ProgressSums;
    for (let worker = 0; worker < this.workers; worker += 1) {
      for (const [offset, name] of SUMS.entries()) total[name] += this.#sums[worker * SUM_STRIDE + offset] ?? 0;
    }
    return total;
  }
}

function at(worker: number, field: number): number {
  return STRIDE * (worker + 1) + field;
}

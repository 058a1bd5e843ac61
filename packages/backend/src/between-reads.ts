/** Work that may wait a little. */
export interface SpareWork {
  run(): void;
}

/** Time that a turn of the event loop spends on such work when nothing has to be read. */
const LEAST_MS = 0.3;
/** Most of it in any turn, so that no read waits longer. */
const MOST_MS = 3;
/** Share of the rest of the turn: where reads take all the time, ends and starts of requests still get a third. */
const SHARE = 0.5;
/** Done work that is forgotten at once, while other work still waits. */
const FORGOTTEN_AT_ONCE = 1024;

/**
 * Runs work between the reads of a thread: in every turn of the event loop first everything that has arrived is read, then
 * as much of this work as the time allows. Many requests that end at once would else delay each other's last tokens, and
 * many that start at once each other's first ones; with a fixed number for each turn the starts would fall behind when
 * turns get long.
 *
 * What a piece of work leaves to microtasks belongs to it: the next piece waits for them.
 */
export class BetweenReads {
  readonly #nowMs: () => number;
  #waiting: SpareWork[] = [];
  #next = 0;
  #lastEndMs = 0;
  #deadlineMs = 0;
  #planned = false;

  /** @param nowMs - Clock in milliseconds. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Runs `work` after all that was given before, in this turn of the event loop or a later one. */
  add(work: SpareWork): void {
    this.#waiting.push(work);
    if (this.#planned) return;
    this.#planned = true;
    this.#lastEndMs = this.#nowMs();
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    const nowMs = this.#nowMs();
    this.#deadlineMs = nowMs + Math.min(MOST_MS, Math.max(LEAST_MS, (nowMs - this.#lastEndMs) * SHARE));
    this.#step();
  };

  readonly #step = (): void => {
    const work = this.#waiting[this.#next] as SpareWork; // there is one as long as a step is planned
    this.#next += 1;
    if (this.#next === FORGOTTEN_AT_ONCE) {
      this.#waiting.splice(0, this.#next);
      this.#next = 0;
    }
    try {
      work.run();
    } finally {
      this.#planNext();
    }
  };

  #planNext(): void {
    // The end is judged after the microtasks as well: they may add work.
    queueMicrotask(this.#afterMicrotasks);
  }

  readonly #afterMicrotasks = (): void => process.nextTick(this.#continue);

  readonly #continue = (): void => {
    if (this.#next >= this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
      this.#planned = false;
      return;
    }
    const nowMs = this.#nowMs();
    if (nowMs < this.#deadlineMs) {
      this.#step();
    } else {
      this.#lastEndMs = nowMs;
      setImmediate(this.#turn);
    }
  };
}

/** That of this thread: all that waits in it shares the time. */
export const betweenReads: BetweenReads = new BetweenReads();

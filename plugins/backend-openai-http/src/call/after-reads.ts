/** What is done for a response once it has arrived. */
export interface Finishable {
  finish(): void;
}

/** So many in a turn of the event loop: sockets are read in between. */
const PER_TURN = 2;

/**
 * Puts the work that follows the end of a response (reading usage, recording, sending the next request) behind the reads
 * that are due: many streams that end at once would else delay each other's last tokens.
 */
export class AfterReads {
  #waiting: Finishable[] = [];
  #next = 0;

  add(item: Finishable): void {
    this.#waiting.push(item);
    if (this.#waiting.length === 1) setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    const end = Math.min(this.#waiting.length, this.#next + PER_TURN);
    while (this.#next < end) {
      this.#waiting[this.#next]?.finish();
      this.#next += 1;
    }
    if (this.#next < this.#waiting.length) {
      setImmediate(this.#turn);
    } else {
      this.#waiting = [];
      this.#next = 0;
    }
  };
}

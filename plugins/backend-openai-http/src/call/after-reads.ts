import { betweenReads, type SpareWork } from "@core/backend";

/** What is done for a response once it has arrived. */
export interface Finishable {
  finish(): void;
}

/**
 * Puts the work that follows the end of a response (reading usage, recording, sending the next request) behind the reads
 * that are due: many streams that end at once would else delay each other's last tokens.
 */
export class AfterReads {
  add(item: Finishable): void {
    betweenReads.add(new Finish(item));
  }
}

/** Perf: smaller than a closure; many of them wait at once. */
class Finish implements SpareWork {
  readonly #item: Finishable;

  constructor(item: Finishable) {
    this.#item = item;
  }

  run(): void {
    this.#item.finish();
  }
}

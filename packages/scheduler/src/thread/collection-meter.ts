import { type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";

/** Pauses of a thread for the collection of garbage. */
export interface CollectionPauses {
  readonly count: number;
  readonly totalNs: number;
  readonly maxNs: number;
}

/** Counts the pauses of the calling thread from its creation on. */
export class CollectionMeter {
  #count = 0;
  #totalNs = 0;
  #maxNs = 0;
  readonly #observer = new PerformanceObserver((list) => this.#add(list.getEntries()));

  constructor() {
    this.#observer.observe({ entryTypes: ["gc"] });
  }

  /** Ends the measurement. */
  finish(): CollectionPauses {
    this.#add(this.#observer.takeRecords());
    this.#observer.disconnect();
    return { count: this.#count, totalNs: this.#totalNs, maxNs: this.#maxNs };
  }

  #add(entries: readonly PerformanceEntry[]): void {
    for (const { duration } of entries) {
      this.#count += 1;
      this.#totalNs += duration * 1e6;
      this.#maxNs = Math.max(this.#maxNs, duration * 1e6);
    }
  }
}

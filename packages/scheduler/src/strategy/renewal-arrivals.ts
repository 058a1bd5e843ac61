const INITIAL_ARRIVALS = 1024;

/**
 * Arrival times of a renewal process of rate 1: running sums of independent gaps of mean 1. The sums are built in index
 * order and kept, so any reader, in any thread and order of asking, gets the same times.
 */
export class RenewalArrivals {
  readonly #gapAt: (index: number) => number;
  #sums = new Float64Array(INITIAL_ARRIVALS);
  #count = 0;

  /** @param gapAt - Gap before the arrival `index`, in units of the mean gap; a function of the index alone. */
  constructor(gapAt: (index: number) => number) {
    this.#gapAt = gapAt;
  }

  /** Time of the arrival `index` (from 0), in units of the mean gap. Constant cost when asked in ascending order. */
  at(index: number): number {
    while (this.#count <= index) this.#append();
    return this.#sums[index] ?? Number.NaN;
  }

  #append(): void {
    if (this.#count === this.#sums.length) {
      const grown = new Float64Array(this.#sums.length * 2);
      grown.set(this.#sums);
      this.#sums = grown;
    }
    const previous = this.#count === 0 ? 0 : (this.#sums[this.#count - 1] ?? 0);
    this.#sums[this.#count] = previous + this.#gapAt(this.#count);
    this.#count += 1;
  }
}

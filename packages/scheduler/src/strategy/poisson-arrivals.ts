import { uniformAt } from "./philox.js";

const INITIAL_ARRIVALS = 1024;

/**
 * Arrival times of a Poisson process of rate 1: running sums of exponential gaps, each drawn from (seed, index). The
 * sums are built in index order and kept, so any reader, in any thread and order of asking, gets the same times.
 */
export class PoissonArrivals {
  readonly #seed: number;
  #sums = new Float64Array(INITIAL_ARRIVALS);
  #count = 0;

  constructor(seed: number) {
    this.#seed = seed;
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
    this.#sums[this.#count] = previous - Math.log(uniformAt(this.#seed, this.#count));
    this.#count += 1;
  }
}

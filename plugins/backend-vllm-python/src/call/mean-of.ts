/** Mean of numbers that are not kept. */
export class MeanOf {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count += 1;
  }

  /** NaN when there were none. */
  get mean(): number {
    return this.#sum / this.#count;
  }
}

/**
 * Bounds of the difference between two monotonic clocks, from round trips. Both clocks are CLOCK_MONOTONIC on Linux,
 * where the difference is zero; elsewhere, and between time namespaces, it may not be.
 */
export class ClockBounds {
  #lowest = Number.NEGATIVE_INFINITY;
  #highest = Number.POSITIVE_INFINITY;

  /**
   * Takes one round trip, all in nanoseconds: sent and received here, received and answered there.
   */
  add(sentNs: number, thereReceivedNs: number, thereSentNs: number, receivedNs: number): void {
    this.#lowest = Math.max(this.#lowest, thereSentNs - receivedNs);
    this.#highest = Math.min(this.#highest, thereReceivedNs - sentNs);
  }

  /** Tells whether a later round trip agrees with {@link offsetNs}. */
  isPossible(sentNs: number, thereReceivedNs: number, thereSentNs: number, receivedNs: number): boolean {
    const { offsetNs } = this;
    return thereSentNs - receivedNs <= offsetNs && offsetNs <= thereReceivedNs - sentNs;
  }

  /** Half of what is left unknown, in nanoseconds. */
  get uncertaintyNs(): number {
    return (this.#highest - this.#lowest) / 2;
  }

  /** What their clock shows more than ours: 0 when that is possible, else the middle of the bounds. */
  get offsetNs(): number {
    if (this.#lowest <= 0 && this.#highest >= 0) return 0;
    return Math.round((this.#lowest + this.#highest) / 2);
  }
}

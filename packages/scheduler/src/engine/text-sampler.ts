import { uniformAt } from "../strategy/philox.js";

/** Which requests keep their texts. Counted per worker and run. */
export interface SamplingOptions {
  /** The first so many are kept. */
  readonly firstPerWorker: number;
  /** So many more are drawn evenly from all others (reservoir sampling). */
  readonly reservoirPerWorker: number;
  readonly seed: number;
}

/** Keeps no texts. */
export const NO_SAMPLING: SamplingOptions = Object.freeze({ firstPerWorker: 0, reservoirPerWorker: 0, seed: 0 });

/**
 * Chooses, before a request is sent, whether its texts are kept: Vitter's algorithm R. A sample has a place; a later
 * one of the same place replaces it.
 */
export class TextSampler {
  readonly #options: SamplingOptions;
  #seen = 0;

  constructor(options: SamplingOptions) {
    this.#options = options;
  }

  /** Place of the next request among the samples, null when its texts are not kept. */
  place(): number | null {
    const ordinal = this.#seen;
    this.#seen += 1;
    const { firstPerWorker, reservoirPerWorker, seed } = this.#options;
    if (ordinal < firstPerWorker + reservoirPerWorker) return ordinal;
    const drawn = Math.floor(uniformAt(seed, ordinal) * (ordinal - firstPerWorker + 1));
    return drawn < reservoirPerWorker ? firstPerWorker + drawn : null;
  }
}

import type { RequestSample } from "../engine/request-sample.js";

/** Samples of all workers; a later sample of the same place replaces the earlier one. */
export class SampleCollection {
  readonly #samples = new Map<string, RequestSample>();

  add(samples: readonly RequestSample[]): void {
    for (const sample of samples) this.#samples.set(`${sample.worker}:${sample.place}`, sample);
  }

  /** All samples, by request index. */
  list(): readonly RequestSample[] {
    return [...this.#samples.values()].sort((left, right) => left.index - right.index);
  }
}

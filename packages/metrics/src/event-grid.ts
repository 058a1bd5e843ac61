import type { TimedWeights } from "./merge-times.js";

const MAX_GRID_CELLS = 1 << 18;
const MIN_CELL_SECONDS = 1e-4;

/** Adds up events in cells of time. */
export class EventGrid {
  readonly #start: number;
  readonly #end: number;
  readonly #cell: number;
  readonly #cells: Float64Array;

  constructor({ start, end }: { readonly start: number; readonly end: number }) {
    this.#start = start;
    this.#end = end;
    this.#cell = Math.max(MIN_CELL_SECONDS, (end - start) / MAX_GRID_CELLS);
    this.#cells = new Float64Array(Math.floor((end - start) / this.#cell) + 1);
  }

  /** Adds the first `count` events that lie in the window. */
  add({ times, weights }: TimedWeights, count: number): void {
    const cells = this.#cells;
    for (let at = 0; at < count; at += 1) {
      const time = times[at] ?? Number.NaN;
      if (time >= this.#start && time <= this.#end) {
        const index = Math.floor((time - this.#start) / this.#cell);
        cells[index] = (cells[index] ?? 0) + (weights[at] ?? 0);
      }
    }
  }

  /** One event for each cell with tokens, in its middle, and empties the grid. */
  take(): TimedWeights {
    const cells = this.#cells;
    let used = 0;
    for (let index = 0; index < cells.length; index += 1) if ((cells[index] ?? 0) > 0) used += 1;
    const times = new Float64Array(used);
    const weights = new Float64Array(used);
    let kept = 0;
    for (let index = 0; kept < used; index += 1) {
      const weight = cells[index] ?? 0;
      if (weight <= 0) continue;
      times[kept] = Math.min(this.#start + (index + 0.5) * this.#cell, this.#end);
      weights[kept] = weight;
      kept += 1;
    }
    cells.fill(0);
    return { times, weights };
  }
}

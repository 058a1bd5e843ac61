/** Counts of values up to each bound, as Prometheus has them. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #count = 0;
  #sum = 0;

  /** @param bounds - Ascending. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.#count += 1;
    this.#sum += value;
    const at = this.#bounds.findIndex((bound) => value <= bound);
    if (at >= 0) this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** Lines of the text format; `labels` are those of `model_name` and `engine`, between which `le` stands. */
  lines(name: string, engine: string, model: string): readonly string[] {
    let upTo = 0;
    const buckets = this.#bounds.map((bound, at) => {
      upTo += this.#counts[at] ?? 0;
      return `${name}_bucket{${engine},le="${decimal(bound)}",${model}} ${decimal(upTo)}`;
    });
    return [
      ...buckets,
      `${name}_bucket{${engine},le="+Inf",${model}} ${decimal(this.#count)}`,
      `${name}_count{${engine},${model}} ${decimal(this.#count)}`,
      `${name}_sum{${engine},${model}} ${decimal(this.#sum)}`,
    ];
  }
}

/** A number as Python writes it: whole ones with a decimal. */
export function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

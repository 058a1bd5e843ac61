/** Classes of traffic in the order in which they were first met. Their positions are the numbers that requests carry. */
export class ClassNames {
  readonly #ids = new Map<string, number>();

  /** Number of a class, the same for the same name. */
  idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#ids.set(name, this.#ids.size);
    return this.#ids.size - 1;
  }

  /** Names so far. */
  list(): readonly string[] {
    return [...this.#ids.keys()];
  }
}

/** The class that a cell names; null for a cell that holds no text, number or truth value. */
export function classOf(cell: unknown): string | null {
  if (typeof cell === "number" || typeof cell === "boolean") return String(cell);
  return typeof cell === "string" && cell.trim() !== "" ? cell.trim() : null;
}

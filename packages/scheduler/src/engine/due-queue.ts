/** Something that is due at an instant. */
export interface Due {
  readonly dueNs: number;
}

/** Hands out the earliest first, equals in the order in which they came: a binary heap. */
export class DueQueue<T extends Due> {
  readonly #heap: { readonly item: T; readonly order: number }[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest; undefined when there is none. */
  peek(): T | undefined {
    return this.#heap[0]?.item;
  }

  push(item: T): void {
    const heap = this.#heap;
    let at = heap.push({ item, order: this.#order }) - 1;
    this.#order += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Removes and returns the earliest. */
  pop(): T | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first?.item;
    heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const least = [left, left + 1].reduce((best, child) => (this.#isBefore(child, best) ? child : best), at);
      if (least === at) return first.item;
      this.#swap(at, least);
      at = least;
    }
  }

  /** How many are due before an instant. */
  countBefore(instantNs: number): number {
    return this.#heap.filter(({ item }) => item.dueNs < instantNs).length;
  }

  #isBefore(left: number, right: number): boolean {
    const one = this.#heap[left];
    const other = this.#heap[right];
    if (one === undefined || other === undefined) return false;
    const difference = one.item.dueNs - other.item.dueNs;
    return difference < 0 || (difference === 0 && one.order < other.order);
  }

  #swap(left: number, right: number): void {
    const [one, other] = [this.#heap[left], this.#heap[right]];
    if (one === undefined || other === undefined) return;
    this.#heap[left] = other;
    this.#heap[right] = one;
  }
}

/** Something to be done at an instant. */
export interface DueAction {
  /** Monotonic nanoseconds. */
  readonly dueNs: number;
  /** Does it; called at most once, never before `dueNs`. */
  readonly run: () => void;
}

interface Entry {
  readonly action: DueAction;
  readonly order: number;
}

/** Binary heap of actions, earliest first; of equal instants the one added first. O(log n) to add and to take. */
export class DueHeap {
  readonly #entries: Entry[] = [];
  #added = 0;

  /** Number of actions. */
  get size(): number {
    return this.#entries.length;
  }

  /** Instant of the earliest action; infinite when there is none. */
  get nextDueNs(): number {
    return this.#entries[0]?.action.dueNs ?? Number.POSITIVE_INFINITY;
  }

  /** Adds an action. */
  push(action: DueAction): void {
    const entry = { action, order: this.#added };
    this.#added += 1;
    let index = this.#entries.length;
    this.#entries.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#entries[parent] as Entry;
      if (!isBefore(entry, above)) break;
      this.#entries[index] = above;
      index = parent;
    }
    this.#entries[index] = entry;
  }

  /** Takes the earliest action when it is due at `nowNs`, else undefined. */
  takeDue(nowNs: number): DueAction | undefined {
    const first = this.#entries[0];
    if (first === undefined || first.action.dueNs > nowNs) return undefined;
    const last = this.#entries.pop() as Entry;
    if (this.#entries.length > 0) this.#sink(last);
    return first.action;
  }

  /** Drops all actions. */
  clear(): void {
    this.#entries.length = 0;
  }

  #sink(entry: Entry): void {
    const entries = this.#entries;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= entries.length) break;
      const right = entries[child + 1];
      if (right !== undefined && isBefore(right, entries[child] as Entry)) child += 1;
      const below = entries[child] as Entry;
      if (!isBefore(below, entry)) break;
      entries[index] = below;
      index = child;
    }
    entries[index] = entry;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.action.dueNs < b.action.dueNs || (a.action.dueNs === b.action.dueNs && a.order < b.order);
}

import type { RequestFailure } from "@core/backend";

const MESSAGE_LENGTH = 500;

/** How often one class of failure happened. */
export interface FailureCount {
  readonly code: string;
  readonly count: number;
  /** The first failure of the class; its message may hold text from the server. */
  readonly first: RequestFailure;
}

/** Counts failures by code. */
export class FailureCounts {
  readonly #counts = new Map<string, FailureCount>();

  /** Counts one. */
  add(failure: RequestFailure): void {
    const known = this.#counts.get(failure.code);
    const first = known?.first ?? { ...failure, message: failure.message.slice(0, MESSAGE_LENGTH) };
    this.#counts.set(failure.code, { code: failure.code, count: (known?.count ?? 0) + 1, first });
  }

  /** Adds the counts of another worker. */
  merge(others: readonly FailureCount[]): void {
    for (const other of others) {
      const known = this.#counts.get(other.code);
      this.#counts.set(other.code, known === undefined ? other : { ...known, count: known.count + other.count });
    }
  }

  /** All classes, most frequent first. */
  list(): readonly FailureCount[] {
    return [...this.#counts.values()].sort((left, right) => right.count - left.count);
  }
}

/** How a request ended; `running` while it has not. */
export type RequestOutcome = "running" | "completed" | "error" | "cut" | "client_left";

/** What the server knows about one accepted request; instants are nanoseconds of `process.hrtime`. */
export interface TruthEntry {
  /** Number of the request since the start or the last reset, from 0; refused requests count too. */
  readonly ordinal: number;
  /** When its headers had been read. */
  readonly arrivalNs: number;
  /** When it was let in; null while it waits, and when it never was. */
  readonly admittedNs: number | null;
  /** How it was made to fail, for example `tokens:reset`; null when it was not. */
  readonly failure: string | null;
  readonly path: string;
  readonly model: string;
  readonly promptTokens: number;
  /** Those that took no time. */
  readonly cachedTokens: number;
  /** Tokens written so far. */
  readonly outputTokens: number;
  /** After the write of each event with tokens; a reply that is not streamed has one. */
  readonly tokenWritesNs: readonly number[];
  /** Whether the whole reply was written. */
  readonly completed: boolean;
  readonly outcome: RequestOutcome;
  /** When it ended, in whichever way; null while it runs. */
  readonly endNs: number | null;
}

/** A {@link TruthEntry} while it is written. */
export type OpenTruthEntry = { -readonly [K in keyof TruthEntry]: TruthEntry[K] } & { tokenWritesNs: number[] };

/** The newest requests, oldest first. */
export class TruthLog {
  readonly #entries = new Set<TruthEntry>();
  readonly #size: number;

  /** @param size - How many entries are kept; 0: none. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Adds an entry, which may change until it ends; the oldest goes when there are too many. */
  add(entry: TruthEntry): void {
    if (this.#size === 0) return;
    this.#entries.add(entry);
    if (this.#entries.size <= this.#size) return;
    for (const oldest of this.#entries) {
      this.#entries.delete(oldest);
      return;
    }
  }

  /** Copies of all entries. */
  entries(): readonly TruthEntry[] {
    return [...this.#entries].map((entry) => ({ ...entry, tokenWritesNs: [...entry.tokenWritesNs] }));
  }

  /** The log as pieces of one JSON array; not one text, which may be longer than a text can be. */
  *jsonPieces(): Generator<string> {
    let separator = "[";
    for (const entry of [...this.#entries]) {
      yield separator + JSON.stringify(entry);
      separator = ",";
    }
    yield separator === "[" ? "[]" : "]";
  }

  /** Forgets all. */
  reset(): void {
    this.#entries.clear();
  }
}

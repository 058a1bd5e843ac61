const BRAND = Symbol.for("core.secret/v1");

/** What a secret looks like wherever it is written. */
export const SECRET_MASK = "**********";

/** Where a secret is read from; written into reports in place of the value, so that a report can be run again. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/**
 * A string that is never written: JSON shows its reference or {@link SECRET_MASK}; template strings and `util.inspect`
 * show the mask. The value is reached through {@link Secret.reveal} alone.
 */
export class Secret {
  readonly [BRAND] = true;
  readonly #value: string;
  readonly #reference: SecretReference | null;

  constructor(value: string, reference: SecretReference | null = null) {
    this.#value = value;
    this.#reference = reference;
  }

  /** Returns the reference, or the mask for a literal value. */
  toJSON(): SecretReference | string {
    return this.#reference ?? SECRET_MASK;
  }

  /** Returns the mask. */
  toString(): string {
    return SECRET_MASK;
  }

  /** Returns the mask (Node's `util.inspect`). */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return SECRET_MASK;
  }

  /** Returns the value; named so that every use is easy to find. */
  reveal(): string {
    return this.#value;
  }

  /** Tells whether `value` is a Secret of any copy of this package. */
  static isInstance(value: unknown): value is Secret {
    return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }
}

/**
 * Deep copy of args with secrets as plain strings, for handing them to a worker thread of this process and for nothing
 * else: the result must never be written.
 */
export function revealArgs<T>(args: T): T {
  return copy(args) as T;
}

function copy(value: unknown): unknown {
  if (Secret.isInstance(value)) return value.reveal();
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, copy(entry)]));
}

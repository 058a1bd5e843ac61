const BRAND = Symbol.for("core.error/v1");

/** Details of a {@link CoreError} beyond its message. */
export interface CoreErrorOptions {
  /** Stable identifier from the owning package's error table, for example `CORE_REGISTRY_UNKNOWN_KIND`. */
  readonly code: string;
  /** How to repair it, one sentence. */
  readonly hint?: string;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * Base of every error that a user can cause or repair. Recognised by brand, so that two physical copies of this
 * package (and jest realms, where `instanceof` is false) agree. Messages never hold secrets.
 */
export class CoreError extends Error {
  /** Names of the error's classes, most derived first: what {@link CoreError.isInstance} compares. */
  readonly [BRAND]: readonly string[];
  /** Stable identifier from the owning package's error table. */
  readonly code: string;
  /** How to repair it, one sentence. */
  readonly hint: string | undefined;

  constructor(message: string, options: CoreErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this[BRAND] = classNames(new.target);
    this.code = options.code;
    this.hint = options.hint;
  }

  /**
   * Tells whether `value` is an error of this class, or of one derived from it, from any copy of its package.
   * `BackendError.isInstance(value)` is false for errors of other families; `CoreError.isInstance(value)` takes all.
   */
  static isInstance<C extends CoreError>(this: abstract new (...values: never) => C, value: unknown): value is C {
    if (typeof value !== "object" || value === null) return false;
    const names = (value as { [BRAND]?: unknown })[BRAND];
    return Array.isArray(names) && names.includes(this.name);
  }
}

function classNames(errorClass: { readonly name: string }): readonly string[] {
  const names: string[] = [];
  for (let current = errorClass; current.name !== "Error"; current = Object.getPrototypeOf(current)) {
    names.push(current.name);
  }
  return Object.freeze(names);
}

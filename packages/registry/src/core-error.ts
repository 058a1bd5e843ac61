const BRAND = Symbol.for("core.error/v1");

/** Details of a {@link CoreError} beyond its message. */
export interface CoreErrorOptions {
  /** Stable identifier from the owning package's error table, for example `CORE_BACKEND_UNKNOWN_KIND`. */
  readonly code: string;
  /** How to repair it, one sentence. */
  readonly hint?: string;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * Base of every error that a user can cause or repair. Recognised by brand, so that two physical copies of this
 * package (and jest realms) agree.
 */
export class CoreError extends Error {
  readonly [BRAND] = true;
  /** Stable identifier from the owning package's error table. */
  readonly code: string;
  /** How to repair it, one sentence. */
  readonly hint: string | undefined;

  constructor(message: string, options: CoreErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.hint = options.hint;
  }

  /** Tells whether `value` is a CoreError of any copy of this package. */
  static isInstance(value: unknown): value is CoreError {
    return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }
}

import { CoreError, type CoreErrorOptions } from "@core/registry";

/** Error codes of this package and what each one means. */
export const OUTPUT_ERRORS = Object.freeze({
  CORE_OUTPUT_NOT_WRITABLE: "The file or its folder cannot be written; nothing half-written is left behind.",
});

/** A code of {@link OUTPUT_ERRORS}. */
export type OutputErrorCode = keyof typeof OUTPUT_ERRORS;

/** An error of writing results. */
export class OutputError extends CoreError {
  constructor(message: string, options: CoreErrorOptions & { readonly code: OutputErrorCode }) {
    super(message, options);
  }
}

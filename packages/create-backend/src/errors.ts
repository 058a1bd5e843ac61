import { CoreError, type CoreErrorOptions } from "@core/registry";

/** Error codes of this package and what each one means. */
export const CREATE_BACKEND_ERRORS = Object.freeze({
  CORE_CREATE_BACKEND_BAD_NAME: "The name of the package or of the kind cannot be used.",
  CORE_CREATE_BACKEND_FOLDER_IN_USE: "The folder holds files already, or is none.",
  CORE_CREATE_BACKEND_USAGE: "The words of the command line cannot be read.",
});

/** A code of {@link CREATE_BACKEND_ERRORS}. */
export type CreateBackendErrorCode = keyof typeof CREATE_BACKEND_ERRORS;

/** Why no package was made. */
export class CreateBackendError extends CoreError {
  constructor(message: string, options: CoreErrorOptions & { readonly code: CreateBackendErrorCode }) {
    super(message, options);
  }
}

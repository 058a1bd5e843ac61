import { CoreError, type CoreErrorOptions } from "@core/registry";

/** Error codes of this package and what each one means. */
export const BACKEND_ERRORS = Object.freeze({
  CORE_BACKEND_ALREADY_STARTED: "`startup` was called twice without `shutdown` in between.",
  CORE_BACKEND_NOT_STARTED: "A method that needs a started backend was called before `startup`.",
  CORE_BACKEND_UNREACHABLE: "The backend could not be reached or did not answer as expected during validation.",
  CORE_BACKEND_NO_MODEL: "No model was configured and the backend offers none, or the configured one is not on offer.",
  CORE_BACKEND_UNUSABLE_REQUEST: "A request lacks what the backend needs to send it.",
  CORE_BACKEND_NOT_BUILT: "The configuration asks for a feature that this version of the backend cannot do yet.",
  CORE_BACKEND_RESOLVE_THREW: "A backend broke its contract: `resolve` threw, or ended without a terminal event.",
  CORE_BACKEND_CANCELLED: "The request was cut by the client before it ended.",
});

/** A code of {@link BACKEND_ERRORS}, or one of a plugin's own table. */
export type BackendErrorCode = keyof typeof BACKEND_ERRORS;

/** An error of a backend that ends the run. A failed request is not one: it is a {@link ResolveEvent}. */
export class BackendError extends CoreError {
  constructor(message: string, options: CoreErrorOptions) {
    super(message, options);
  }
}

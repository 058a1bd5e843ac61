import { CoreError, type CoreErrorOptions } from "@core/registry";

/** Error codes of this package and what each one means. */
export const MOCK_SERVER_ERRORS = Object.freeze({
  CORE_MOCK_SERVER_INVALID_OPTIONS: "The options do not validate; every issue is listed with its path.",
  CORE_MOCK_SERVER_CANNOT_LISTEN: "The host and port cannot be listened on, for example because the port is taken.",
});

/** A code of {@link MOCK_SERVER_ERRORS}. */
export type MockServerErrorCode = keyof typeof MOCK_SERVER_ERRORS;

/** An error of configuring or starting the mock server. */
export class MockServerError extends CoreError {
  constructor(message: string, options: CoreErrorOptions & { readonly code: MockServerErrorCode }) {
    super(message, options);
  }
}

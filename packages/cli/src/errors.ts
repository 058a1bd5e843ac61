import { CoreError, type CoreErrorOptions } from "@core/registry";

/** Error codes of this package and what each one means. */
export const CLI_ERRORS = Object.freeze({
  CORE_CLI_UNKNOWN_COMMAND: "There is no command of that name.",
  CORE_CLI_UNKNOWN_OPTION: "The command has no option of that name.",
  CORE_CLI_BAD_OPTION: "An option lacks its value, has one it does not take, or is given twice.",
  CORE_CLI_BAD_VALUE: "The text of an option is neither key=value pairs nor a mapping.",
  CORE_CLI_BAD_CONFIG: "A configuration file, variable or option holds something that does not validate.",
  CORE_CLI_CONFIG_FILE: "A configuration file cannot be found, read or understood.",
  CORE_CLI_CALIBRATION:
    "The host cannot be calibrated: it is too busy, there is no backend, or the mock server does not start.",
  CORE_CLI_PLUGIN: "A plugin cannot be found or loaded, or registers nothing.",
});

/** A code of {@link CLI_ERRORS}. */
export type CliErrorCode = keyof typeof CLI_ERRORS;

/** An error in what the user typed or wrote. */
export class CliError extends CoreError {
  constructor(message: string, options: CoreErrorOptions & { readonly code: CliErrorCode }) {
    super(message, options);
  }
}

import { CliError } from "../errors.js";

/** The error of a plugin that is there and cannot be used. */
export function cannotLoad(specifier: string, error: unknown): CliError {
  const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
  return new CliError(`--plugin: ${specifier} cannot be loaded: ${reason}`, { code: "CORE_CLI_PLUGIN", cause: error });
}

export type { Command, CommandContext, Distribution, TextStream } from "./command.js";
export { CLI_ERRORS, CliError, type CliErrorCode } from "./errors.js";
export { EXIT_CODES, type ExitName } from "./exit-codes.js";
export type { BuiltinPlugin } from "./plugins/builtin-plugin.js";
export { processContext } from "./process-context.js";
export { runCli } from "./run-cli.js";

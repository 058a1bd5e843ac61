import { CoreError } from "@core/registry";
import type { CommandContext } from "./command.js";
import { EXIT_CODES, type ExitName } from "./exit-codes.js";

const STAGE = Symbol("stage");

/** Remembers with which exit code an error ends the program. */
export function withExit(error: unknown, exit: ExitName): unknown {
  if (typeof error === "object" && error !== null)
    Object.defineProperty(error, STAGE, { value: exit, configurable: true });
  return error;
}

/**
 * Writes an error to stderr: message, repair and code. Only a defect shows its stack.
 *
 * @returns The exit code.
 */
export function reportError(error: unknown, context: CommandContext): number {
  const { stderr, environment } = context;
  if (!CoreError.isInstance(error)) {
    stderr.write(`Error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    stderr.write("This is a defect of goodput. Please report it with the text above.\n");
    return EXIT_CODES.defect.code;
  }
  const { message, hint, code } = error;
  const lines = message.split("\n");
  stderr.write(lines.length === 1 ? `Error: ${message}\n` : `Error:\n${lines.map((line) => `  ${line}\n`).join("")}`);
  if (hint !== undefined) stderr.write(`${hint}\n`);
  stderr.write(`(${code})\n`);
  if (environment["GOODPUT_DEBUG"] !== undefined) stderr.write(`${error.stack ?? ""}\n${causes(error)}`);
  const stage = (error as { [STAGE]?: ExitName })[STAGE] ?? "usage";
  return EXIT_CODES[stage].code;
}

function causes(error: Error): string {
  const { cause } = error;
  return cause instanceof Error ? `caused by ${cause.stack ?? cause.message}\n${causes(cause)}` : "";
}

import type { BuiltinPlugin } from "./plugins/builtin-plugin.js";

/** Where text goes: stdout or stderr. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** The world a command runs in. */
export interface CommandContext {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** What is composed: name and version of the distribution, its backends. */
  readonly distribution: Distribution;
  /** Calls back on SIGINT and SIGTERM. @returns A function that stops listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

/** A program made of this package and of backends. */
export interface Distribution {
  readonly name: string;
  readonly version: string;
  readonly plugins: readonly BuiltinPlugin[];
  /** Kind of the backend when none is named; null asks for one. */
  readonly defaultBackend: string | null;
}

/** A command: runs with the words after its name and returns the exit code. */
export type Command = (words: readonly string[], context: CommandContext) => Promise<number>;

import type { Command, CommandContext } from "./command.js";
import { EXIT_CODES } from "./exit-codes.js";

/** Commands with the line that the help shows for each; every one is loaded when it is called. */
const COMMANDS: readonly (readonly [name: string, summary: string, load: () => Promise<Command>])[] = [
  ["run", "Runs benchmarks against a server.", async () => (await import("./commands/run.js")).runCommand],
  [
    "mock-server",
    "Starts an OpenAI-compatible server with known timing.",
    async () => (await import("./commands/mock-server.js")).mockServerCommand,
  ],
  [
    "calibrate",
    "Measures how much load this host can make.",
    async () => (await import("./commands/calibrate.js")).calibrateCommand,
  ],
  [
    "kinds",
    "Lists what can be named by kind=..., with all fields.",
    async () => (await import("./commands/kinds.js")).kindsCommand,
  ],
  [
    "schema",
    "Prints the JSON Schema of configuration files.",
    async () => (await import("./commands/schema.js")).schemaCommand,
  ],
  [
    "env",
    "Lists the environment variables that configure a run.",
    async () => (await import("./commands/env.js")).envCommand,
  ],
];

/**
 * Runs the command line. Errors of the user go to stderr in a few words; nothing is thrown.
 *
 * @returns The exit code, one of {@link EXIT_CODES}.
 */
export async function runCli(words: readonly string[], context: CommandContext): Promise<number> {
  try {
    return await dispatch(words, context);
  } catch (error) {
    const { reportError } = await import("./report-error.js");
    return reportError(error, context);
  }
}

async function dispatch([first, ...rest]: readonly string[], context: CommandContext): Promise<number> {
  const { name, version } = context.distribution;
  if (first === "--version" || first === "-V") {
    context.stdout.write(`${name} ${version}\n`);
    return EXIT_CODES.ok.code;
  }
  if (first === undefined || first === "--help" || first === "-h" || (first === "help" && rest.length === 0)) {
    const stream = first === undefined ? context.stderr : context.stdout;
    stream.write(overview(name));
    return first === undefined ? EXIT_CODES.usage.code : EXIT_CODES.ok.code;
  }
  const wanted = first === "help" ? (rest[0] ?? "") : first;
  const command = COMMANDS.find(([candidate]) => candidate === wanted);
  if (command === undefined) throw await unknownCommand(wanted, name);
  const run = await command[2]();
  return run(first === "help" ? ["--help", ...rest.slice(1)] : rest, context);
}

function overview(name: string): string {
  const width = Math.max(...COMMANDS.map(([command]) => command.length)) + 2;
  const lines = COMMANDS.map(([command, summary]) => `  ${command.padEnd(width)}${summary}`);
  return `Usage: ${name} COMMAND [OPTIONS]

Benchmarks servers of large language models.

Commands:
${lines.join("\n")}

Options:
  --version  Prints the version.
  --help     Shows this help; ${name} COMMAND --help shows that of a command.

Example:
  ${name} run --backend kind=openai_http,target=http://localhost:8000 \\
    --data kind=synthetic_text,prompt_tokens=256,output_tokens=128 \\
    --profile kind=sweep --constraint kind=max_duration,seconds=30
`;
}

async function unknownCommand(wanted: string, name: string): Promise<Error> {
  const [{ nearestName }, { CliError }] = await Promise.all([import("@core/registry"), import("./errors.js")]);
  const names = COMMANDS.map(([command]) => command);
  const near = nearestName(wanted, names);
  const what = wanted.startsWith("-") ? "option" : "command";
  return new CliError(`There is no ${what} ${wanted}.${near === null ? "" : ` Did you mean "${near}"?`}`, {
    code: wanted.startsWith("-") ? "CORE_CLI_UNKNOWN_OPTION" : "CORE_CLI_UNKNOWN_COMMAND",
    hint: `Commands: ${names.join(", ")}. ${name} --help says what they do.`,
  });
}

import { CoreError } from "@core/registry";
import type { Command, CommandContext } from "../command.js";
import { unknownVariables } from "../config/environment.js";
import { type GatheredConfig, gatherConfig } from "../config/gather-config.js";
import { EXIT_CODES } from "../exit-codes.js";
import { type ReadOptions, readOptions } from "../options/read-options.js";
import { optionSources } from "./option-source.js";
import { runHelp } from "./run-help.js";
import { runOptions } from "./run-options.js";

/** `goodput run`: resolves the configuration, then measures, or prints it with `--dry-run`. */
export const runCommand: Command = async (words, context) => {
  if (words.some((word) => word === "--help" || word === "-h")) {
    context.stdout.write(runHelp(context.distribution.name));
    return EXIT_CODES.ok.code;
  }
  const options = readOptions(words, runOptions(), `${context.distribution.name} run`);
  assertNoWords(options);
  const gathered = await gatherConfig(
    options.value("--config"),
    optionSources(options, context.workingDirectory),
    context,
  );
  warn(gathered, context);
  if (options.has("--dry-run")) {
    const { plugins, metadata, spec, benchmarks } = gathered.config;
    context.stdout.write(`${JSON.stringify({ plugins, metadata, spec, benchmarks }, null, 2)}\n`);
    return EXIT_CODES.ok.code;
  }
  const { measure } = await import("./measure.js");
  return measure(gathered, options, context);
};

function assertNoWords({ words }: ReadOptions): void {
  if (words.length === 0) return;
  throw new CoreError(`run takes options only; "${words[0]}" is none.`, {
    code: "CORE_CLI_BAD_OPTION",
    hint: "Values with blanks need quotes.",
  });
}

function warn({ silentPlugins }: GatheredConfig, { stderr, environment }: CommandContext): void {
  for (const name of unknownVariables(environment)) {
    stderr.write(`Warning: the environment variable ${name} means nothing here; see goodput env.\n`);
  }
  for (const specifier of silentPlugins) {
    stderr.write(`Warning: the plugin ${specifier} registered no kind.\n`);
  }
}

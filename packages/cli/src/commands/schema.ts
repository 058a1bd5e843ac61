import type { Command } from "../command.js";
import { configSchema } from "../config/config-schema.js";
import { EXIT_CODES } from "../exit-codes.js";
import { commandHelp } from "../help/command-help.js";
import { HELP_OPTION, type Option, valueOption } from "../options/option.js";
import { readOptions } from "../options/read-options.js";
import { loadEverything } from "./kinds.js";

const OPTIONS: readonly Option[] = [
  valueOption("--plugin", "PACKAGE", "Package or module that registers further kinds.", { again: "add" }),
  HELP_OPTION,
];

/** `goodput schema`: the JSON Schema of configuration files. */
export const schemaCommand: Command = async (words, context) => {
  const { name } = context.distribution;
  const options = readOptions(words, OPTIONS, `${name} schema`);
  if (options.has("--help")) {
    const description = "Prints the JSON Schema of configuration files, for editors.";
    context.stdout.write(commandHelp({ usage: `${name} schema [OPTIONS]`, description, options: OPTIONS }));
    return EXIT_CODES.ok.code;
  }
  await loadEverything(
    options.uses("--plugin").map(([specifier = ""]) => specifier),
    context,
  );
  context.stdout.write(`${JSON.stringify(configSchema(), null, 2)}\n`);
  return EXIT_CODES.ok.code;
};

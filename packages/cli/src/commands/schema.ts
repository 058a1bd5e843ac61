import type { Command } from "../command.js";
import { configSchema } from "../config/config-schema.js";
import { CliError } from "../errors.js";
import { EXIT_CODES } from "../exit-codes.js";
import { commandHelp } from "../help/command-help.js";
import { HELP_OPTION, type Option, valueOption } from "../options/option.js";
import { readOptions } from "../options/read-options.js";
import { loadEverything } from "./kinds.js";

const OPTIONS: readonly Option[] = [
  valueOption("--plugin", "PACKAGE", "Package, folder or module that registers further kinds.", { again: "add" }),
  HELP_OPTION,
];

/** `goodput schema`: the JSON Schema of configuration files; `goodput schema report`: that of reports. */
export const schemaCommand: Command = async (words, context) => {
  const { name } = context.distribution;
  const options = readOptions(words, OPTIONS, `${name} schema`);
  if (options.has("--help")) {
    const description =
      "Prints the JSON Schema of configuration files, for editors; with report, that of benchmarks.json.";
    context.stdout.write(commandHelp({ usage: `${name} schema [report] [OPTIONS]`, description, options: OPTIONS }));
    return EXIT_CODES.ok.code;
  }
  const [what, ...rest] = options.words;
  if (rest.length > 0 || (what !== undefined && what !== "report")) {
    throw new CliError(`There is no schema of ${options.words.join(" ")}.`, {
      code: "CORE_CLI_BAD_OPTION",
      hint: `${name} schema is that of configuration files, ${name} schema report that of reports.`,
    });
  }
  if (what === "report") {
    const { reportJsonSchema } = await import("@core/benchmark/report-schema");
    context.stdout.write(`${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
    return EXIT_CODES.ok.code;
  }
  await loadEverything(
    options.uses("--plugin").map(([specifier = ""]) => specifier),
    context,
  );
  context.stdout.write(`${JSON.stringify(configSchema(), null, 2)}\n`);
  return EXIT_CODES.ok.code;
};

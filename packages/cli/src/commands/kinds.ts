import { describeFields, nearestName, show } from "@core/registry";
import type { Command, CommandContext } from "../command.js";
import { CONFIG_PARTS, type ConfigPart, type KindEntry } from "../config/config-parts.js";
import { CliError } from "../errors.js";
import { EXIT_CODES } from "../exit-codes.js";
import { commandHelp } from "../help/command-help.js";
import { twoColumns } from "../help/wrap-text.js";
import { HELP_OPTION, type Option, valueOption } from "../options/option.js";
import { readOptions } from "../options/read-options.js";
import { loadPlugins } from "../plugins/load-plugins.js";

const OPTIONS: readonly Option[] = [
  valueOption("--plugin", "PACKAGE", "Package, folder or module that registers further kinds.", { again: "add" }),
  HELP_OPTION,
];

/** `goodput kinds [FAMILY [KIND]]`: what is registered, and the fields of one kind. */
export const kindsCommand: Command = async (words, context) => {
  const { name } = context.distribution;
  const options = readOptions(words, OPTIONS, `${name} kinds`);
  if (options.has("--help")) {
    context.stdout.write(
      commandHelp({
        usage: `${name} kinds [FAMILY [KIND]] [OPTIONS]`,
        description: "Lists what can be named by kind=..., with package and version; with a kind its fields.",
        options: OPTIONS,
        more: [`Families: ${CONFIG_PARTS.map(familyName).join(", ")}.`],
      }),
    );
    return EXIT_CODES.ok.code;
  }
  await loadEverything(
    options.uses("--plugin").map(([specifier = ""]) => specifier),
    context,
  );
  const [family, kind] = options.words;
  const parts = family === undefined ? CONFIG_PARTS : [findFamily(family)];
  const only = parts[0];
  const text =
    kind === undefined || only === undefined
      ? parts.map(familyText).join("\n\n")
      : kindText(only, findKind(only, kind));
  context.stdout.write(`${text}\n`);
  return EXIT_CODES.ok.code;
};

/** Loads all backends of the distribution and the plugins. */
export async function loadEverything(plugins: readonly string[], context: CommandContext): Promise<void> {
  for (const { url } of context.distribution.plugins) await import(url);
  const directory = context.workingDirectory;
  await loadPlugins(
    plugins.map((specifier) => ({ specifier, directory })),
    directory,
  );
}

/** Name of a family as on the command line, for example `data-loader`. */
function familyName({ registry }: ConfigPart): string {
  return registry.family.option.replace(/^--/, "");
}

function findFamily(given: string): ConfigPart {
  const wanted = given.replace(/^--/, "").replaceAll("_", "-");
  const found = CONFIG_PARTS.find((part) => familyName(part) === wanted || part.field.replaceAll("_", "-") === wanted);
  if (found !== undefined) return found;
  const names = CONFIG_PARTS.map(familyName);
  const near = nearestName(wanted, names);
  throw new CliError(`There is no family ${given}.${near === null ? "" : ` Did you mean "${near}"?`}`, {
    code: "CORE_CLI_BAD_VALUE",
    hint: `Families: ${names.join(", ")}.`,
  });
}

function findKind({ registry }: ConfigPart, kind: string): KindEntry {
  const found = registry.find(kind);
  if (found !== undefined) return found;
  const near = nearestName(kind, registry.names());
  throw new CliError(
    `There is no ${registry.family.label} kind ${kind}.${near === null ? "" : ` Did you mean "${near}"?`}`,
    {
      code: "CORE_CLI_BAD_VALUE",
      hint: `Kinds: ${registry.names().join(", ")}.`,
    },
  );
}

function familyText(part: ConfigPart): string {
  const rows = part.registry
    .list()
    .map(
      (entry) =>
        [nameOf(entry), `${entry.summary}${stateOf(entry)} [${entry.packageName} ${entry.packageVersion}]`] as const,
    );
  return `${part.registry.family.option}  ${part.description}\n${twoColumns(rows)}`;
}

function kindText(part: ConfigPart, entry: KindEntry): string {
  const rows = describeFields(entry.argsSchema).map(({ name, typeText, required, defaultValue, description }) => {
    const value = required ? "required" : `default ${show(defaultValue)}`;
    return [name, `${description} (${typeText}; ${value})`] as const;
  });
  const head = `${part.registry.family.option} kind=${nameOf(entry)}\n${entry.summary}${stateOf(entry)}`;
  const origin = `From ${entry.packageName} ${entry.packageVersion}.`;
  return [head, rows.length === 0 ? "It has no fields." : twoColumns(rows), origin].join("\n\n");
}

function nameOf({ kind, aliases = [] }: KindEntry): string {
  return aliases.length === 0 ? kind : `${kind} (${aliases.join(", ")})`;
}

function stateOf({ available }: KindEntry): string {
  return available === false ? " Not built yet." : "";
}

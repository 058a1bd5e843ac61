import { describeFields, show } from "@core/registry";
import type { Command, CommandContext } from "../command.js";
import type { KindEntry } from "../config/config-parts.js";
import { findFamily, findKind, type KindGroup, kindFamilies } from "../config/kind-families.js";
import { EXIT_CODES } from "../exit-codes.js";
import { commandHelp } from "../help/command-help.js";
import { twoColumns } from "../help/wrap-text.js";
import { flagOption, HELP_OPTION, type Option, valueOption } from "../options/option.js";
import { readOptions } from "../options/read-options.js";
import { loadPlugins } from "../plugins/load-plugins.js";

const OPTIONS: readonly Option[] = [
  valueOption("--plugin", "PACKAGE", "Package, folder or module that registers further kinds.", { again: "add" }),
  flagOption("--json", "Prints a JSON list of families with their kinds, and these with their fields."),
  HELP_OPTION,
];

/** `goodput kinds [FAMILY [KIND]]`: what is registered, and the fields of one kind; with `--json` for programs. */
export const kindsCommand: Command = async (words, context) => {
  const { name } = context.distribution;
  const options = readOptions(words, OPTIONS, `${name} kinds`);
  if (options.has("--help")) {
    await loadEverything([], context); // backends bring families of their own
    context.stdout.write(
      commandHelp({
        usage: `${name} kinds [FAMILY [KIND]] [OPTIONS]`,
        description: "Lists what can be named by kind=..., with package and version; with a kind its fields.",
        options: OPTIONS,
        more: [
          `Families: ${kindFamilies()
            .map(({ name: each }) => each)
            .join(", ")}.`,
        ],
      }),
    );
    return EXIT_CODES.ok.code;
  }
  await loadEverything(
    options.uses("--plugin").map(([specifier = ""]) => specifier),
    context,
  );
  const [family, kind] = options.words;
  const families = family === undefined ? kindFamilies() : [findFamily(family)];
  const [first] = families;
  const only = kind === undefined || first === undefined ? null : { family: first, entry: findKind(first, kind) };
  const text = options.has("--json")
    ? familiesJson(families, only?.entry ?? null)
    : only === null
      ? families.map(familyText).join("\n\n")
      : kindText(only.family, only.entry);
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

function familyText({ choose, description, registry }: KindGroup): string {
  const rows = registry
    .list()
    .map(
      (entry) =>
        [nameOf(entry), `${entry.summary}${stateOf(entry)} [${entry.packageName} ${entry.packageVersion}]`] as const,
    );
  return `${choose.replace(/ kind=$/, "")}  ${description}\n${twoColumns(rows)}`;
}

function kindText({ choose }: KindGroup, entry: KindEntry): string {
  const rows = describeFields(entry.argsSchema).map(({ name, typeText, required, defaultValue, description }) => {
    const value = required ? "required" : `default ${show(defaultValue)}`;
    return [name, `${description} (${typeText}; ${value})`] as const;
  });
  const head = `${choose}${nameOf(entry)}\n${entry.summary}${stateOf(entry)}`;
  const origin = `From ${entry.packageName} ${entry.packageVersion}.`;
  return [head, rows.length === 0 ? "It has no fields." : twoColumns(rows), origin].join("\n\n");
}

/** Families for programs: what the text says, in a form that has names for it. */
function familiesJson(families: readonly KindGroup[], only: KindEntry | null): string {
  const listed = families.map(({ name, choose, description, registry }) => ({
    family: name,
    option: choose,
    description,
    kinds: (only === null ? registry.list() : [only]).map((entry) => ({
      kind: entry.kind,
      aliases: entry.aliases ?? [],
      summary: entry.summary,
      available: entry.available !== false,
      package: entry.packageName,
      version: entry.packageVersion,
      fields: describeFields(entry.argsSchema).map((field) => ({
        name: field.name,
        type: field.typeText,
        required: field.required,
        default: field.defaultValue ?? null,
        description: field.description,
      })),
    })),
  }));
  return JSON.stringify(listed, null, 2);
}

function nameOf({ kind, aliases = [] }: KindEntry): string {
  return aliases.length === 0 ? kind : `${kind} (${aliases.join(", ")})`;
}

function stateOf({ available }: KindEntry): string {
  return available === false ? " Not built yet." : "";
}

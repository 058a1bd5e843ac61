import { describeFields, type FieldDescription } from "@core/registry";
import { CONFIG_PARTS, type ConfigPart } from "../config/config-parts.js";
import { SpecSettingsSchema, settingOptionName } from "../config/spec-settings.js";
import { flagOption, HELP_OPTION, type Option, valueOption } from "../options/option.js";

/** Options of `run`: one for each part of the configuration, made from its registry, and the others. */
export function runOptions(): readonly Option[] {
  return [
    valueOption(
      "--config",
      "FILE",
      "Configuration file (JSON or YAML), an earlier report, or a scenario such as chat.",
      {
        aliases: ["-c", "--scenario"],
        again: "replace",
      },
    ),
    valueOption("--label", "NAME=TEXT", "Label for the report.", { aliases: ["-l"], again: "add" }),
    ...CONFIG_PARTS.map(partOption),
    ...describeFields(SpecSettingsSchema).map(settingOption),
    {
      name: "--override",
      values: ["PATH", "VALUES"],
      again: "add",
      description: "One benchmark for each of the comma-separated values, for example profile.streams 1,2,4.",
    },
    valueOption(
      "--replay-schedule",
      "REPORT",
      "Sends at the instants of an earlier run; --profile kind=recorded,path=REPORT.",
    ),
    valueOption("--plugin", "PACKAGE", "Package, folder or module that registers further kinds.", { again: "add" }),
    valueOption("--output-dir", "FOLDER", "Folder for results.", { detail: "Default: results/<time>-<profile>." }),
    flagOption("--dry-run", "Prints the resolved configuration as JSON and contacts nothing."),
    flagOption("--disable-console", "No progress, no tables.", { aliases: ["--disable-console-outputs"] }),
    flagOption("--disable-progress", "Plain lines in place of the live display.", {
      aliases: ["--disable-console-interactive"],
    }),
    HELP_OPTION,
  ];
}

function settingOption({ name, typeText, description, defaultValue }: FieldDescription): Option {
  if (name === "objectives") return valueOption(settingOptionName(name), "OBJECTIVE", description, { again: "add" });
  return valueOption(settingOptionName(name), settingPlaceholder(typeText), description, {
    detail: defaultValue === null ? "" : `Default: ${String(defaultValue)}.`,
  });
}

function settingPlaceholder(typeText: string): string {
  if (typeText.startsWith("bool")) return "true|false";
  return typeText.startsWith("int") ? "N" : "NUMBER";
}

function partOption(part: ConfigPart): Option {
  const kinds = part.registry.list().map(({ kind }) => kind);
  const example =
    kinds.length === 0 ? "kind=..." : `kind=${kinds.slice(0, 3).join("|")}${kinds.length > 3 ? "|..." : ""}`;
  return valueOption(part.registry.family.option, example, part.description, {
    again: part.repeat ? "add" : "error",
    detail: defaultText(part.fallback),
  });
}

function defaultText(fallback: unknown): string {
  const list = (Array.isArray(fallback) ? fallback : fallback === undefined ? [] : [fallback]) as { kind: string }[];
  return list.length === 0 ? "" : `Default: ${list.map(({ kind }) => `kind=${kind}`).join(" and ")}.`;
}

// Generated parts of docs/configuration.md.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readWorkspace } from "../checks/workspace.mjs";
import { importBuilt } from "./import-built.mjs";
import { markdownTable } from "./markdown-table.mjs";

/**
 * @param {string} root
 * @returns {Promise<Readonly<Record<string, string>>>}
 */
export async function configurationSections(root) {
  for (const { folder, name } of readWorkspace(root)) {
    if (name.startsWith("@plugin/")) await importBuilt(root, folder, "index");
  }
  const { dependencies: included } = JSON.parse(readFileSync(join(root, "packages/goodput/package.json"), "utf8"));
  const { describeFields, listedFamilies } = await importBuilt(root, "packages/registry", "index");
  const { CONFIG_PARTS } = await importBuilt(root, "packages/cli", "config/config-parts");
  const { SpecSettingsSchema } = await importBuilt(root, "packages/cli", "config/spec-settings");
  const { runOptions } = await importBuilt(root, "packages/cli", "commands/run-options");
  const { SCENARIOS } = await importBuilt(root, "packages/cli", "config/scenarios");
  return {
    options: markdownTable(["Option", "What it does"], runOptions().map(optionRow)),
    scenarios: markdownTable(
      ["Name", "Workload"],
      Object.entries(SCENARIOS).map(([name, { metadata }]) => [`\`${name}\``, metadata.description]),
    ),
    settings: fieldsTable(describeFields(SpecSettingsSchema)),
    kinds: [
      ...CONFIG_PARTS.map((part) => partText(part, describeFields, included)),
      ...listedFamilies().map(familyText),
    ].join("\n\n"),
  };
}

function optionRow({ name, aliases = [], values, again, description, detail = "" }) {
  const names = [name, ...aliases].map((each) => `\`${each}\``).join(", ");
  const repeatable = again === "add" ? "Repeatable." : "";
  return [
    `${names} ${values.join(" ")}`.trim(),
    [description, detail, repeatable].filter((text) => text !== "").join(" "),
  ];
}

function partText({ field, registry, repeat, description, fallback }, describeFields, included) {
  const head = `### \`${registry.family.option}\`, in files \`${field}\`${repeat ? " (a list)" : ""}`;
  const byDefault = fallback === undefined ? "" : ` Default: \`${JSON.stringify(fallback)}\`.`;
  const kinds = registry.list().map((entry) => kindText(entry, describeFields, included));
  return [`${head}\n\n${description}${byDefault}`, ...kinds].join("\n\n");
}

/** A family whose kinds are values of a field of another kind. */
function familyText({ registry, description }) {
  const rows = registry.list().map(({ kind, summary }) => [`\`${kind}\``, summary]);
  const head = `### \`${registry.family.option}=\``;
  return [head, description, markdownTable(["Value", "Meaning"], rows)].join("\n\n");
}

function kindText({ kind, aliases = [], summary, available, packageName, argsSchema }, describeFields, included) {
  const names = [kind, ...aliases].map((name) => `\`${name}\``).join(", ");
  const state =
    available === false ? " **Not built yet**: its fields are read and checked, a run with it is refused." : "";
  const isExtra = packageName.startsWith("@plugin/") && included[packageName] === undefined;
  const extra = isExtra ? `, which is installed by itself and named with \`--plugin ${packageName}\`` : "";
  const fields = describeFields(argsSchema);
  return [
    `#### ${names}\n\n${summary}${state} From \`${packageName}\`${extra}.`,
    ...(fields.length === 0 ? [] : [fieldsTable(fields)]),
  ].join("\n\n");
}

function fieldsTable(fields) {
  return markdownTable(
    ["Field", "Value", "Default", "Meaning"],
    fields.map(({ name, typeText, required, defaultValue, description }) => [
      `\`${name}\``,
      typeText,
      required ? "required" : `\`${JSON.stringify(defaultValue)}\``,
      description,
    ]),
  );
}

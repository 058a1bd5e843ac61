// docs/errors.md, written from the tables of the code.

import { readWorkspace } from "../checks/workspace.mjs";
import { importBuilt } from "./import-built.mjs";
import { markdownTable } from "./markdown-table.mjs";

const HEAD = `# Errors and exit codes

<!-- Written by \`npm run docs\` from the tables of the code. -->

A message on stderr says what is wrong, where it comes from and what to change; the code stands in brackets below it and
does not change between releases. In reports \`benchmarks[].failures\` counts the codes of failed requests.
`;

/**
 * The page, from the built packages.
 * @param {string} root
 * @returns {Promise<string>}
 */
export async function errorsPage(root) {
  const { EXIT_CODES } = await importBuilt(root, "packages/cli", "exit-codes");
  const exits = Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]);
  const sections = [`## Exit codes\n\n${markdownTable(["Code", "Meaning"], exits)}`];
  for (const { folder, name, files } of readWorkspace(root)) {
    if (!files.includes(`${folder}/src/errors.ts`)) continue;
    const module = await importBuilt(root, folder, "errors");
    const rows = Object.entries(module)
      .filter(([constant]) => constant.endsWith("_ERRORS"))
      .flatMap(([, codes]) => Object.entries(codes))
      .map(([code, meaning]) => [`\`${code}\``, String(meaning)]);
    sections.push(`## ${name}\n\n${markdownTable(["Code", "Meaning"], rows)}`);
  }
  return `${HEAD}\n${sections.join("\n\n")}\n`;
}

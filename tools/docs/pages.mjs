import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configurationSections } from "./configuration-sections.mjs";
import { errorsPage } from "./errors-page.mjs";
import { fillSections } from "./fill-sections.mjs";
import { metricsSections } from "./metrics-sections.mjs";
import { validitySections } from "./validity-sections.mjs";

/**
 * The pages of docs/ that come from tables of the code, wholly or in parts, as they should be. Needs a build.
 * @param {string} root
 * @returns {Promise<Readonly<Record<string, string>>>} text by path
 */
export async function pages(root) {
  const withSections = async (path, sections) =>
    fillSections(readFileSync(join(root, path), "utf8"), await sections(root));
  return {
    "docs/configuration.md": await withSections("docs/configuration.md", configurationSections),
    "docs/errors.md": await errorsPage(root),
    "docs/metrics.md": await withSections("docs/metrics.md", metricsSections),
    "docs/validity.md": await withSections("docs/validity.md", validitySections),
  };
}

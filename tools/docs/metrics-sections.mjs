// Generated parts of docs/metrics.md.

import { importBuilt } from "./import-built.mjs";
import { markdownTable } from "./markdown-table.mjs";

/**
 * @param {string} root
 * @returns {Promise<Readonly<Record<string, string>>>}
 */
export async function metricsSections(root) {
  const { METRIC_CATALOGUE } = await importBuilt(root, "packages/metrics", "metric-catalogue");
  const { PERCENTILES } = await importBuilt(root, "packages/metrics", "distribution-summary");
  const { BUILT_IN_WARNINGS } = await importBuilt(root, "packages/metrics", "warnings/warning-rule");
  const all = Object.entries(METRIC_CATALOGUE);
  return {
    "shared metrics": catalogueTable(all.filter(([, { origin }]) => origin === "guidellm")),
    "own metrics": catalogueTable(all.filter(([, { origin }]) => origin === "goodput")),
    differences: differences(all),
    percentiles: markdownTable(
      ["Key", "Quantile"],
      PERCENTILES.map(([name, quantile]) => [`\`${name}\``, String(quantile)]),
    ),
    warnings: markdownTable(["Code", "Fires when", "Advice"], BUILT_IN_WARNINGS.map(warningRow)),
  };
}

function catalogueTable(entries) {
  return markdownTable(
    ["Key", "Unit", "Meaning"],
    entries.map(([name, { unit, meaning }]) => [`\`${name}\``, unit, meaning]),
  );
}

/** Metrics with the same difference share a line. */
function differences(entries) {
  const names = Map.groupBy(
    entries.filter(([, { difference }]) => difference !== undefined),
    ([, { difference }]) => difference,
  );
  return [...names]
    .map(([difference, metrics]) => `- ${difference} Holds for ${metrics.map(([name]) => `\`${name}\``).join(", ")}.`)
    .join("\n");
}

function warningRow({ code, metric, relative_to: base, threshold, direction, note, when }) {
  const text = ({ name, statistic, scale }) => `${statistic} of \`${name}\`${scale === 1 ? "" : ` × ${scale}`}`;
  const ratio = base === null ? text(metric) : `${text(metric)} ÷ ${text(base)}`;
  const condition = when === null ? "" : `, where \`${when.name}\` is ${when.equals}`;
  return [`\`${code}\``, `${ratio} ${direction === "above" ? ">" : "<"} ${threshold}${condition}`, note];
}

// Generated parts of docs/validity.md.

import { importBuilt } from "./import-built.mjs";
import { markdownTable } from "./markdown-table.mjs";

/**
 * @param {string} root
 * @returns {Promise<Readonly<Record<string, string>>>}
 */
export async function validitySections(root) {
  const { VALIDITY_RULES } = await importBuilt(root, "packages/benchmark", "validity/validity-rules");
  const rows = VALIDITY_RULES.map(({ code, signal, unit, direction, info, suspect, invalid }) => {
    const limit = (value) => (value === null ? "" : limitText(value, unit, direction));
    return [`\`${code}\``, signal, limit(info), limit(suspect), limit(invalid)];
  });
  return { limits: markdownTable(["Code", "Signal", "Note", "Suspect", "Invalid"], rows) };
}

function limitText(value, unit, direction) {
  const sign = direction === "above" ? ">" : "<";
  return unit === "ratio" ? `${sign} ${value * 100} %` : `${sign} ${value} ${unit}`;
}

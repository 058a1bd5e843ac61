import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * A module of a built package, also one that its package keeps to itself.
 * @param {string} root
 * @param {string} folder such as `packages/cli`
 * @param {string} module path inside `dist`, without extension
 */
export function importBuilt(root, folder, module) {
  return import(pathToFileURL(join(root, folder, "dist", `${module}.js`)).href);
}

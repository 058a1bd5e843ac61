// What the checks know of a repository: its files and its workspace packages. Paths are relative to the root, with "/".
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const GENERATED =
  /^(node_modules|bundle|dist|coverage|results|goodput-2.*|\.jest-results\.json|.*\.(tgz|tsbuildinfo))$/;
const KEPT_DOT_FOLDERS = new Set([".changeset", ".ci", ".github"]);

/**
 * @typedef {object} WorkspacePackage
 * @property {string} folder - Relative to the root.
 * @property {string} name
 * @property {Record<string, any>} manifest - The content of package.json.
 * @property {boolean} isPublished - Whether it goes to the registry, i.e. is not private.
 * @property {string[]} files - Every file that is not generated, relative to the root, sorted.
 */

/**
 * Files below `folder`, without generated and hidden ones.
 * @param {string} root
 * @param {string} [folder]
 * @returns {string[]} Sorted, relative to `root`.
 */
export function listFiles(root, folder = "") {
  const files = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (GENERATED.test(entry.name)) continue;
    if (entry.isFile()) files.push(path);
    if (!entry.isDirectory()) continue;
    if (!entry.name.startsWith(".") || KEPT_DOT_FOLDERS.has(entry.name)) files.push(...listFiles(root, path));
  }
  return files.sort();
}

/**
 * Packages that pnpm-workspace.yaml names.
 * @param {string} root
 * @returns {WorkspacePackage[]} Sorted by folder.
 */
export function readWorkspace(root) {
  return workspaceFolders(root).map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    return { folder, name: manifest.name, manifest, isPublished: !manifest.private, files: listFiles(root, folder) };
  });
}

function workspaceFolders(root) {
  const text = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
  const [, list] = /^packages:\n((?: +- .+\n)+)/m.exec(text) ?? [];
  if (list === undefined) throw new Error("pnpm-workspace.yaml has no list of packages");
  const patterns = [...list.matchAll(/- +["']?([\w./*-]+)/g)].map(([, pattern]) => pattern);
  const folders = patterns.flatMap((pattern) => {
    if (!pattern.endsWith("/*")) return [pattern];
    const parent = pattern.slice(0, -2);
    return existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`) : [];
  });
  return folders.filter((folder) => existsSync(join(root, folder, "package.json"))).sort();
}

/**
 * Whether a file belongs to the tests of its package.
 * @param {string} path - Relative to the root or to the package.
 */
export function isTestFile(path) {
  return /(^|\/)test\//.test(path) || /\.test(-d)?\.[mc]?ts$/.test(path);
}

/**
 * Whether a file holds code that the checks read.
 * @param {string} path
 */
export function isCodeFile(path) {
  return /\.([mc]?ts|[mc]?js|tsx)$/.test(path) && !path.includes("/__fixtures__/");
}

// What the unpacked content of a tarball holds and does not hold.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { violation } from "./report.mjs";

const TEST_FILE = /\.(test|test-d)\.|(^|\/)(test|__fixtures__)\//;
const DEPENDENCY_FIELDS = ["dependencies", "peerDependencies", "optionalDependencies", "devDependencies"];

/**
 * Rules that the content of one packed package violates.
 * @param {string} folder - The unpacked package.
 * @param {string} label - How messages call the package.
 * @returns {string[]}
 */
export function packedFolderViolations(folder, label) {
  const found = [];
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const field of DEPENDENCY_FIELDS) {
    for (const [name, range] of Object.entries(manifest[field] ?? {})) {
      if (!/^(workspace|catalog|link|file):/.test(range)) continue;
      found.push(violation(`${label}/package.json`, 1, "range", `${field}: ${name} is still ${range}`));
    }
  }
  for (const target of exportedFiles(manifest)) {
    if (existsSync(join(folder, target))) continue;
    found.push(violation(`${label}/package.json`, 1, "missing", `${target} is not in the tarball; is it built?`));
  }
  for (const path of filesBelow(folder)) {
    if (TEST_FILE.test(path)) found.push(violation(`${label}/${path}`, 1, "test", "a test is in the tarball"));
    if (path.endsWith(".tsbuildinfo")) found.push(violation(`${label}/${path}`, 1, "build-state", "belongs to tsc"));
  }
  return [...found, ...sourceMapViolations(folder, label)];
}

function exportedFiles({ exports, bin, main }) {
  const targets = [];
  const collect = (value) => {
    if (typeof value === "string") targets.push(value);
    else for (const inner of Object.values(value ?? {})) collect(inner);
  };
  for (const value of [exports, bin, main]) collect(value);
  return [...new Set(targets)].filter((target) => !target.includes("*"));
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** A source map is of use only with the sources it names: inside it, or beside it in the tarball. */
function sourceMapViolations(folder, label) {
  const lost = filesBelow(folder)
    .filter((path) => path.endsWith(".map"))
    .flatMap((path) => lostSources(folder, path).map((source) => ({ path, source })));
  if (lost.length === 0) return [];
  const [{ path, source }] = lost;
  const message = `${lost.length} sources of source maps are not in the tarball, the first is ${source}`;
  return [violation(`${label}/${path}`, 1, "source-map", message)];
}

function lostSources(folder, path) {
  const map = JSON.parse(readFileSync(join(folder, path), "utf8"));
  return (map.sources ?? []).filter((source, index) => {
    return typeof map.sourcesContent?.[index] !== "string" && !existsSync(join(folder, dirname(path), source));
  });
}

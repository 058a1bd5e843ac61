// Which package may import which. CONTRIBUTING.md shows the order.

import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import { runAsScript, violation } from "./report.mjs";
import { importsOf } from "./syntax.mjs";
import { isCodeFile, isTestFile, readWorkspace } from "./workspace.mjs";

const CORE = "@core/backend";
const ENGINE = ["@core/registry", CORE, "@core/tokenizer"];

/** For each package under packages/, the workspace packages that its sources may import. */
const ALLOWED = {
  "@core/registry": [],
  "@core/backend": ["@core/registry"],
  "@core/backend-testkit": [CORE],
  "@core/create-backend": ["@core/registry"],
  "@core/tokenizer": ["@core/registry"],
  "@core/mock-server": ["@core/registry"],
  "@core/data": ENGINE,
  "@core/metrics": ENGINE,
  "@core/scheduler": [...ENGINE, "@core/data", "@core/metrics"],
  "@core/benchmark": [...ENGINE, "@core/data", "@core/metrics", "@core/scheduler"],
  "@core/output": [...ENGINE, "@core/data", "@core/metrics", "@core/scheduler", "@core/benchmark"],
  "@core/cli": [
    ...[...ENGINE, "@core/data", "@core/metrics", "@core/scheduler", "@core/benchmark", "@core/output"],
    "@core/mock-server",
  ],
  goodput: ["@core/registry", CORE, "@core/cli", /^@plugin\//],
};

/** What tests may import besides the row of their package. */
const TEST_AIDS = ["@core/backend-testkit", "@core/mock-server"];

/** Modules that only one file may import: two copies of them do not know each other's classes. */
const DI_MODULES = new Set(["reflect-metadata", "tsyringe"]);
const DI_FILE = "packages/backend/src/di.ts";

/**
 * Checks every import of every workspace package.
 * @param {string} root
 * @returns {string[]} One line for each violation.
 */
export function checkDependencyRule(root) {
  const packages = readWorkspace(root);
  const rootManifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const context = { root, rootManifest, byName: new Map(packages.map((item) => [item.name, item])) };
  return [...packages.flatMap((item) => checkPackage(item, context)), ...checkCycles(packages, context)];
}

function checkPackage(item, context) {
  const found = isPlugin(item) ? checkPeer(item, context) : [];
  if (item.folder.startsWith("packages/") && ALLOWED[item.name] === undefined) {
    const message = `${item.name} has no row in the table of tools/checks/dependency-rule.mjs: add one`;
    found.push(violation(`${item.folder}/package.json`, 1, "layer", message));
  }
  for (const path of item.files.filter(isCodeFile)) {
    for (const { specifier, line } of importsOf(context.root, path)) {
      for (const [rule, message] of checkImport(item, path, specifier, context)) {
        found.push(violation(path, line, rule, message));
      }
    }
  }
  return found;
}

function* checkImport(item, path, specifier, context) {
  if (specifier.startsWith(".")) {
    const target = relative(item.folder, join(dirname(path), specifier));
    if (target.startsWith(".."))
      yield ["deep", `"${specifier}" leaves the package: import another package by its name`];
    return;
  }
  if (isBuiltin(specifier) || specifier === "") return;
  const name = packageNameOf(specifier);
  if (DI_MODULES.has(name) && path !== DI_FILE) yield ["di", `only ${DI_FILE} imports ${name}`];
  if (name !== item.name && !isDeclared(item, path, name, context.rootManifest)) {
    const where = isTestFile(path) || !item.isPublished ? "any dependency of" : "dependencies or peerDependencies of";
    yield ["undeclared", `${name} is not among ${where} ${item.folder}/package.json`];
  }
  const target = context.byName.get(name);
  if (target === undefined) return;
  if (name !== item.name && !isAllowed(item, path, name)) yield ["layer", `${item.name} may not import ${name}`];
  const subpath = `.${specifier.slice(name.length)}`;
  if (subpath !== "." && target.manifest.exports?.[subpath] === undefined) {
    yield ["deep", `${name} does not export "${subpath}"`];
  }
}

function packageNameOf(specifier) {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function isPlugin({ folder, manifest }) {
  return folder.startsWith("plugins/") || manifest.keywords?.includes("core-backend") === true;
}

function isAllowed(item, path, name) {
  if (!item.isPublished) return true; // benchmarks, examples and tools use the packages as anyone may
  if (isTestFile(path) && TEST_AIDS.includes(name)) return true;
  const row = isPlugin(item) ? [CORE] : (ALLOWED[item.name] ?? []);
  return row.some((allowed) => (allowed instanceof RegExp ? allowed.test(name) : allowed === name));
}

function isDeclared({ manifest, isPublished }, path, name, rootManifest) {
  const atRuntime = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  if (name in atRuntime) return true;
  if (isPublished && !isTestFile(path)) return false;
  return name in { ...manifest.devDependencies, ...rootManifest.devDependencies };
}

/** A plugin gets the core from its user: peer with a literal range that holds the version it is tested with. */
function* peerProblems({ manifest }, core) {
  if (manifest.dependencies?.[CORE] !== undefined) yield `${CORE} must be a peer dependency, never a dependency`;
  if (manifest.devDependencies?.[CORE] === undefined) yield `${CORE} must be a dev dependency too, for the tests`;
  const range = manifest.peerDependencies?.[CORE];
  const floor = /^\^(\d+)\.(\d+)\.(\d+)$/.exec(range ?? "");
  if (floor === null) yield `the peer range of ${CORE} must be literal, such as ^1.0.0 (found ${range})`;
  else if (core !== undefined && !isInCaretRange(core.manifest.version, floor.slice(1).map(Number))) {
    yield `the peer range ${range} of ${CORE} does not hold the version ${core.manifest.version} of this repository`;
  }
}

function checkPeer(item, { byName }) {
  const path = `${item.folder}/package.json`;
  return [...peerProblems(item, byName.get(CORE))].map((message) => violation(path, 1, "peer", message));
}

function isInCaretRange(version, [major, minor, patch]) {
  const [ownMajor, ownMinor, ownPatch] = version.split(".").map((part) => Number.parseInt(part, 10));
  return ownMajor === major && (ownMinor > minor || (ownMinor === minor && ownPatch >= patch));
}

/** Cycles among the declared dependencies, those of tests included: with one, no order of builds exists. */
function checkCycles(packages, { byName }) {
  const found = [];
  const finished = new Set();
  const visit = (item, trail) => {
    if (finished.has(item.name)) return;
    const start = trail.indexOf(item.name);
    if (start !== -1) {
      const cycle = [...trail.slice(start), item.name].join(" -> ");
      found.push(violation(`${item.folder}/package.json`, 1, "cycle", cycle));
      return;
    }
    const { dependencies, peerDependencies, devDependencies } = item.manifest;
    for (const name of Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies })) {
      if (byName.has(name)) visit(byName.get(name), [...trail, item.name]);
    }
    finished.add(item.name);
  };
  for (const item of packages) visit(item, []);
  return found;
}

await runAsScript(import.meta.url, checkDependencyRule);

// What every package and every source file of the repository has in common.
import { existsSync, readFileSync } from "node:fs";
import { basename, join, posix } from "node:path";
import { manifestProblems } from "./manifest-rules.mjs";
import { runAsScript, violation } from "./report.mjs";
import { importsOf } from "./syntax.mjs";
import { syntaxViolations } from "./syntax-rules.mjs";
import { isCodeFile, isTestFile, listFiles, readWorkspace } from "./workspace.mjs";

const MOST_LINES = 400;
const CATCH_ALL = /^(utils?|helpers?|types|common|misc)\.[mc]?[jt]s$/;
const TEXT_FILE = /\.([mc]?[jt]sx?|json|md|ya?ml|html|css|txt|toml|sh)$|(^|\/)(run|\.gitignore|\.editorconfig)$/;
const MACHINE_PATH = /(?<![\w.~@}/-])\/(work|home|root|tmp|Users)\/[\w.@-]+/;

/**
 * Checks manifests, sources, tests and documents.
 * @param {string} root
 * @returns {string[]} One line for each violation.
 */
export function checkConventions(root) {
  const packages = readWorkspace(root);
  return [
    ...packages.filter((item) => item.isPublished).flatMap((item) => checkManifest(root, item)),
    ...packages.flatMap((item) => item.files.filter(isCodeFile).flatMap((path) => checkSource(root, item, path))),
    ...listFiles(root).flatMap((path) => checkMachinePaths(root, path)),
  ];
}

function checkManifest(root, item) {
  const path = `${item.folder}/package.json`;
  const found = [...manifestProblems(item.manifest)].map(([rule, message]) => violation(path, 1, rule, message));
  if (!existsSync(join(root, item.folder, "README.md"))) {
    found.push(violation(path, 1, "readme", `${item.name} has no README.md`));
  }
  const kept = keptModules(item.manifest.sideEffects);
  for (const source of item.files.filter((file) => isShippedSource(item, file))) {
    for (const { specifier, line, sideEffectOnly } of importsOf(root, source)) {
      if (!sideEffectOnly || !specifier.startsWith(".")) continue;
      for (const module of [source, posix.join(posix.dirname(source), specifier)]) {
        const built = `./dist/${module.slice(item.folder.length + "/src/".length).replace(/\.ts$/, ".js")}`;
        if (kept(built)) continue;
        const message = `${item.name} does not list ${built} under sideEffects: a bundler would drop it without a word`;
        found.push(violation(source, line, "side-effects", message));
      }
    }
  }
  return found;
}

function isShippedSource({ folder }, path) {
  return path.startsWith(`${folder}/src/`) && isCodeFile(path) && !isTestFile(path);
}

function keptModules(sideEffects) {
  if (!Array.isArray(sideEffects)) return () => sideEffects !== false;
  return (module) => sideEffects.some((pattern) => posix.matchesGlob(module, pattern));
}

function checkSource(root, item, path) {
  const isSource = path.startsWith(`${item.folder}/src/`);
  const found = syntaxViolations(root, path, { isTest: isTestFile(path), isSource });
  if (!isSource) return found;
  const lines = readFileSync(join(root, path), "utf8").trimEnd().split("\n").length;
  if (lines > MOST_LINES) found.push(violation(path, MOST_LINES, "length", `${lines} lines; at most ${MOST_LINES}`));
  if (CATCH_ALL.test(basename(path))) found.push(violation(path, 1, "name", "name the file after what it exports"));
  return found;
}

function checkMachinePaths(root, path) {
  if (!TEXT_FILE.test(path)) return [];
  const lines = readFileSync(join(root, path), "utf8").split("\n");
  return lines.flatMap((text, index) => {
    const [machinePath] = MACHINE_PATH.exec(text) ?? [];
    return machinePath === undefined ? [] : [violation(path, index + 1, "machine-path", machinePath)];
  });
}

await runAsScript(import.meta.url, checkConventions);

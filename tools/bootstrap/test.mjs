// npm test: install, build, every check and every test; the last line is "N passed, M failed".
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PNPM, ROOT, run } from "./command.mjs";
import { installAndBuild } from "./install-and-build.mjs";

await installAndBuild();

let passed = 0;
let failed = 0;
const exec = (...words) => [...PNPM, "exec", ...words];
const checks = [
  ["lint and format", exec("biome", "check", "--error-on-warnings", ".")],
  ["types of sources and tests", exec("tsc", "-p", "tsconfig.test.json")],
  ["unused code", exec("knip")],
  ["dependency rule", exec("node", "tools/checks/dependency-rule.mjs")],
  ["package conventions", exec("node", "tools/checks/conventions.mjs")],
  ["packed packages", exec("node", "tools/checks/packed-packages.mjs")],
];
for (const [name, words] of checks) {
  const { code, output, seconds } = await run(words, { collect: true });
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds.toFixed(1)} s)`);
  if (code !== 0) console.log(output.replace(/^/gm, "       "));
  code === 0 ? (passed += 1) : (failed += 1);
}

const suites = await run(exec("turbo", "run", "test", "--concurrency=1", "--continue", "--output-logs=errors-only"));
for (const folder of packagesWithTests()) {
  const file = join(folder, ".jest-results.json");
  if (!existsSync(file)) {
    console.log(`FAILED ${folder}: its tests left no result`);
    failed += 1;
    continue;
  }
  const result = JSON.parse(readFileSync(file, "utf8"));
  const broken = result.numFailedTests + result.numRuntimeErrorTestSuites;
  console.log(`${broken === 0 ? "ok    " : "FAILED"} ${folder.slice(ROOT.length)}: ${result.numPassedTests} passed, ${broken} failed, ${result.numPendingTests} skipped`);
  passed += result.numPassedTests;
  failed += broken;
}
if (suites.code !== 0 && failed === 0) failed += 1; // a suite died without a count
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** Folders whose package.json has a test script and that hold at least one test file. */
function packagesWithTests() {
  return globSync(["packages/*/package.json", "plugins/*/package.json", "examples/*/package.json", "tools/package.json"], { cwd: ROOT })
    .map((file) => join(ROOT, dirname(file)))
    .filter((folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).scripts?.test !== undefined)
    .filter((folder) => globSync("{src,test,checks}/**/*.test.ts", { cwd: folder }).length > 0)
    .sort();
}

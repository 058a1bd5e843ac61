// npm test: install, build, every check and every test; the last line is "N passed, M failed".
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { PNPM, ROOT, run } from "./command.mjs";
import { installAndBuild } from "./install-and-build.mjs";
import { secretsIn, TEST_SECRETS } from "./test-secrets.mjs";

await installAndBuild();

let passed = 0;
let failed = 0;
const exec = (...words) => [...PNPM, "exec", ...words];
const checks = [
  ["lint and format", exec("biome", "check", "--error-on-warnings", ".")],
  ["types of sources and tests", exec("tsc", "-p", "tsconfig.test.json")],
  ["types of benchmarks", exec("tsc", "-p", "benchmarks/tsconfig.json")],
  ["unused code", exec("knip")],
  ["dependency rule", exec("node", "tools/checks/dependency-rule.mjs")],
  ["package conventions", exec("node", "tools/checks/conventions.mjs")],
  ["packed packages", exec("node", "tools/checks/packed-packages.mjs")],
];
for (const [name, words] of checks) {
  const { code, output, seconds } = await run(words, { collect: true });
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds.toFixed(1)} s)`);
  if (code !== 0) console.log(output.replace(/^/gm, "       "));
  if (code === 0) passed += 1;
  else failed += 1;
}

const folders = foldersWithTestScript();
for (const folder of folders) rmSync(resultFile(folder), { force: true }); // an old result must not pass for a new one
const suites = await run(exec("turbo", "run", "test", "--concurrency=1", "--continue", "--output-logs=errors-only"));
const failedChecks = failed;
for (const folder of folders) {
  if (!hasTests(folder)) {
    console.log(`none   ${folder}: has a test script but no test yet`);
    continue;
  }
  if (!existsSync(resultFile(folder))) {
    console.log(`FAILED ${folder}: its tests left no result`);
    failed += 1;
    continue;
  }
  const result = JSON.parse(readFileSync(resultFile(folder), "utf8"));
  const ran = result.numPassedTests + result.numFailedTests;
  const broken = result.numFailedTests + result.numRuntimeErrorTestSuites + (ran === 0 ? 1 : 0);
  const counts = `${result.numPassedTests} passed, ${broken} failed, ${result.numPendingTests} skipped`;
  console.log(`${broken === 0 ? "ok    " : "FAILED"} ${folder}: ${counts}${ran === 0 ? " (no test ran)" : ""}`);
  for (const line of failuresOf(result)) console.log(`       ${line}`);
  passed += result.numPassedTests;
  failed += broken;
}
if (suites.code !== 0 && failed === failedChecks) {
  console.log(`FAILED turbo run test: ended with ${suites.code}, though no test failed`);
  failed += 1;
}
const shown = secretsIn(folders.flatMap((folder) => outputsOf(folder)));
console.log(
  `${shown.length === 0 ? "ok    " : "FAILED"} none of ${TEST_SECRETS.length} keys of tests in what tests printed`,
);
for (const secret of shown) console.log(`       ${secret}`);
if (shown.length === 0) passed += 1;
else failed += 1;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** Folders of packages whose package.json has a test script, relative to the root. */
function foldersWithTestScript() {
  const parents = ["packages", "plugins", "examples"].filter((parent) => existsSync(join(ROOT, parent)));
  const folders = parents.flatMap((parent) => readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`));
  return [...folders.sort(), "tools"].filter((folder) => {
    const manifest = join(ROOT, folder, "package.json");
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).scripts?.test !== undefined;
  });
}

/** Whether jest would find a test file, see `testMatch` in jest.config.mjs. */
function hasTests(folder) {
  return ["src", "test"].some((name) => {
    const parent = join(ROOT, folder, name);
    return existsSync(parent) && readdirSync(parent, { recursive: true }).some((file) => file.endsWith(".test.ts"));
  });
}

/** Titles of the tests that failed, each with the first lines of its message; suites that could not run with theirs. */
function failuresOf(result) {
  const first = (text) =>
    stripVTControlCharacters(text)
      .trim()
      .split("\n")
      .slice(0, 6)
      .map((line) => `  ${line}`);
  return result.testResults.flatMap(({ assertionResults, message }) => {
    const broken = assertionResults.filter(({ status }) => status === "failed");
    if (broken.length === 0) return assertionResults.length === 0 && message !== "" ? first(message) : [];
    return broken.flatMap(({ fullName, failureMessages }) => [fullName, ...first(failureMessages.join("\n"))]);
  });
}

/** What the tests of a package left: titles and messages of failures, everything printed. */
function outputsOf(folder) {
  const files = [resultFile(folder), join(ROOT, folder, ".turbo", "turbo-test.log")];
  return files.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
}

function resultFile(folder) {
  return join(ROOT, folder, ".jest-results.json");
}

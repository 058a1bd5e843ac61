import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, jest, test } from "@jest/globals";
import { PYTHON, pythonTest } from "./support/stand-in.js";

jest.setTimeout(120_000);

const FOLDER = fileURLToPath(new URL("../python", import.meta.url));
const execute = promisify(execFile);

pythonTest("the tests of the Python part pass", async () => {
  const env = { ...process.env, PYTHONPATH: FOLDER, PYTHONDONTWRITEBYTECODE: "1" };
  const { stderr } = await execute(PYTHON, ["-m", "unittest", "discover", "-s", "tests"], { cwd: FOLDER, env });
  expect(stderr).toMatch(/Ran [5-9]\d tests[\s\S]*\nOK/);
});

/** The linters are no dependency of this repository: they check where they are installed. */
function linterTest(name: string, words: readonly string[]): void {
  const title = `${name} has nothing to say about the Python part`;
  const isThere = spawnSync(name, ["--version"]).status === 0;
  const run = async (): Promise<void> => {
    const { stdout, status } = spawnSync(name, words, { cwd: FOLDER, encoding: "utf8" });
    expect({ stdout, status }).toMatchObject({ status: 0 });
  };
  if (isThere) test(title, run);
  else test.skip(`${title} (skipped: ${name} is not installed)`, run);
}

linterTest("ruff", ["check", "--no-cache", "."]);
linterTest("mypy", ["--config-file", "mypy.ini", "--cache-dir", "/dev/null", "goodput_vllm"]);

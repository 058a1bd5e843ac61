import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "@jest/globals";

/** Folder of the stand-in for the module `vllm`. */
export const STAND_IN: string = fileURLToPath(new URL("../standin", import.meta.url));

/** The interpreter of these tests. */
export const PYTHON: string = process.env["GOODPUT_TEST_PYTHON"] ?? "python3";

/** Why the tests of this package that run Python cannot run; null when they can. */
export const noPython: string | null = whyNot();

function whyNot(): string | null {
  const { error, status } = spawnSync(PYTHON, ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]);
  if (error !== undefined) return `skipped: ${PYTHON} cannot be started, install Python 3.9 or newer to run this`;
  return status === 0 ? null : `skipped: ${PYTHON} is older than 3.9`;
}

/** `test`, or a skipped one whose name says why. */
export function pythonTest(name: string, run: () => Promise<void>, timeoutMs?: number): void {
  if (noPython === null) test(name, run, timeoutMs);
  else test.skip(`${name} (${noPython})`, run);
}

/** The same for tests that look at processes. */
export function linuxTest(name: string, run: () => Promise<void>): void {
  if (process.platform === "linux") pythonTest(name, run);
  else test.skip(`${name} (skipped: processes are looked at in /proc, which only Linux has)`, run);
}

/** One test for each row, `%j` in the name shows its first value. */
pythonTest.each =
  <R extends readonly string[]>(rows: readonly R[]) =>
  (name: string, run: (...row: R) => Promise<void>): void => {
    for (const row of rows) pythonTest(name.replace("%j", JSON.stringify(row[0])), () => run(...row));
  };

pythonTest.skip = (name: string, run: () => Promise<void>): void => test.skip(name, run);

/** Args of a backend whose engine is the stand-in. @param script - Fields of the stand-in's `Script`. */
export function standInArgs(
  script: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
) {
  const { vllm_config = {}, env = {}, ...rest } = more as { vllm_config?: object; env?: object };
  return {
    kind: "vllm_python_async",
    model: "stand-in",
    python: PYTHON,
    env: { PYTHONPATH: STAND_IN, ...env },
    vllm_config: { standin: script, ...vllm_config },
    ...rest,
  };
}

import { afterAll, expect, test } from "@jest/globals";
import { removeFolders, runGoodput } from "./support/run-goodput.js";

afterAll(removeFolders);

function pretending(version: string): Readonly<Record<string, string>> {
  const code = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}

test.each(["18.20.1", "20.19.5", "22.18.9"])("Node %s is refused in words", async (version) => {
  const finished = await runGoodput(["--version"], { env: pretending(version) });
  expect(finished.stderr).toBe(
    `Error: goodput needs Node 22.19 or newer; this is ${version}.\nInstall a newer Node, or put one first in PATH.\n`,
  );
  expect(finished.stdout).toBe("");
  expect(finished.code).toBe(2);
});

test.each(["22.19.0", "24.1.0", "26.0.0"])("Node %s will do", async (version) => {
  const finished = await runGoodput(["--version"], { env: pretending(version) });
  expect(finished.stderr).toBe("");
  expect(finished.code).toBe(0);
});

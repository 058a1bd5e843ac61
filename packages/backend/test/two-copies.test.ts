import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { copyPackage } from "./copied-packages.js";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const SCRIPT = fileURLToPath(new URL("two-copies.mjs", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "two-copies-"));
  copyPackage(PACKAGE, join(folder, "node_modules"));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("a host and a plugin with their own copies of core, tsyringe and valibot work together", () => {
  const host = new URL("../bundle/index.js", import.meta.url).href;
  const [plugin, valibot] = ["@core/backend/bundle/index.js", "valibot/dist/index.mjs"].map(
    (file) => pathToFileURL(join(folder, "node_modules", file)).href,
  );
  const output = execFileSync(process.execPath, [SCRIPT, host, `${plugin}`, `${valibot}`], { encoding: "utf8" });
  expect(JSON.parse(output)).toEqual({
    copiesDiffer: true,
    kinds: ["copied"],
    isBackend: true,
    isOfTheOtherClass: true,
    clock: 42,
    injectedClock: 42,
    isSecret: true,
    revealed: "s3cret",
    isError: true,
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readWorkspace } from "../checks/workspace.mjs";
import { errorsPage } from "../docs/errors-page.mjs";

const ROOT = join(import.meta.dirname, "../..");

test("docs/errors.md is what the code says; if not: npm run docs", async () => {
  const page = await errorsPage(ROOT);
  expect(readFileSync(join(ROOT, "docs/errors.md"), "utf8")).toBe(page);
  for (const code of ["CORE_BACKEND_UNREACHABLE", "OPENAI_HTTP_TRUNCATED", "CORE_CLI_BAD_CONFIG", "| 130  |"]) {
    expect(page).toContain(code);
  }
});

test("docs/architecture.md names every package, and no other", () => {
  const text = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
  const named = [...text.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name]) => name);
  const folders = readWorkspace(ROOT).filter(({ folder }) => /^(packages|plugins)\//.test(folder));
  expect(named.toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
});

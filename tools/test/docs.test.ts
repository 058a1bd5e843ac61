import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { errorsPage } from "../docs/errors-page.mjs";

const ROOT = join(import.meta.dirname, "../..");

test("docs/errors.md is what the code says; if not: npm run docs", async () => {
  const page = await errorsPage(ROOT);
  expect(readFileSync(join(ROOT, "docs/errors.md"), "utf8")).toBe(page);
  for (const code of ["CORE_BACKEND_UNREACHABLE", "OPENAI_HTTP_TRUNCATED", "CORE_CLI_BAD_CONFIG", "| 130 |"]) {
    expect(page).toContain(code);
  }
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readWorkspace } from "../checks/workspace.mjs";
import { fillSections } from "../docs/fill-sections.mjs";
import { pages } from "../docs/pages.mjs";

const ROOT = join(import.meta.dirname, "../..");

test.each(Object.entries(await pages(ROOT)))("%s is what the code says; if not: npm run docs", (path, text) => {
  expect(readFileSync(join(ROOT, path), "utf8")).toBe(text);
});

test.each([
  ["docs/errors.md", ["CORE_BACKEND_UNREACHABLE", "OPENAI_HTTP_TRUNCATED", "CORE_CLI_BAD_CONFIG", "| 130  |"]],
  [
    "docs/metrics.md",
    ["| `time_to_first_token_ms` ", "| `inter_token_gap_ms` ", "| `p999` | 0.999 ", "| `root_late` "],
  ],
  [
    "docs/configuration.md",
    ["| `--dry-run` ", "| `rag` ", "#### `openai_http`", "| `prompt_tokens_stdev` ", "| `grace_seconds` "],
  ],
  ["docs/validity.md", ["| `ttft_error` ", "> 5 %", "| `sent_late` "]],
])("%s holds what its readers look for", (path, texts) => {
  const page = readFileSync(join(ROOT, path), "utf8");
  for (const text of texts) expect(page).toContain(text);
});

test("a page without the marks of a section is refused", () => {
  const page = "<!-- begin a: npm run docs -->\nold\n<!-- end a -->\n";
  expect(fillSections(page, { a: "new $& text" })).toBe(
    "<!-- begin a: npm run docs -->\n\nnew $& text\n\n<!-- end a -->\n",
  );
  expect(() => fillSections(page, { b: "text" })).toThrow('no marks for the section "b"');
});

test("docs/architecture.md names every package, and no other", () => {
  const text = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
  const named = [...text.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name]) => name);
  const folders = readWorkspace(ROOT).filter(({ folder }) => /^(packages|plugins)\//.test(folder));
  expect(named.toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
});

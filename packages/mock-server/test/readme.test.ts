import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describeFields } from "@core/registry";
import { expect, test } from "@jest/globals";
import { mockServerOptionsSchema } from "../src/index.js";

const folder = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(`${folder}/README.md`, "utf8");

test("the table of the README has every option with its type, default and description", () => {
  const rows = [...readme.matchAll(/^\| `(\w+)` +\| (.+?) +\| (.+?) +\| (.+?) +\|$/gm)].map((row) => row.slice(1));
  const fields = describeFields(mockServerOptionsSchema).map(({ name, typeText, defaultValue, description }) => [
    ...[
      name,
      typeText.replaceAll(" | ", ", "),
      Array.isArray(defaultValue) ? "none" : String(defaultValue),
      description,
    ],
  ]);
  expect(rows).toEqual(fields);
});

test("the example of the README runs", () => {
  const code = /```ts\n(.+?)```/s.exec(readme)?.[1] ?? "";
  const words = ["--input-type=module", "--eval", code];
  expect(execFileSync(process.execPath, words, { cwd: folder, encoding: "utf8" })).toBe("200 true 16\n");
});

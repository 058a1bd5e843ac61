import { readFileSync } from "node:fs";
import { backends, describeFields } from "@core/backend";
import { expect, test } from "@jest/globals";
import "./register.js";

test("the table of the README has every option with its description", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const fields = describeFields(backends.find("openai_http")?.argsSchema).filter(
    ({ name }) => name !== "max_completion_tokens",
  );
  expect(fields.length).toBeGreaterThan(10);
  const rows = [...readme.matchAll(/^\| `(\w+)` +\| .+? +\| (.+?) +\|$/gm)].map(([, name, description]) => [
    name,
    description,
  ]);
  expect(rows).toEqual(fields.map(({ name, description }) => [name, description]));
});

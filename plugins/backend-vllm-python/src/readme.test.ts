import { readFileSync } from "node:fs";
import { backends, describeFields, show } from "@core/backend";
import { expect, test } from "@jest/globals";
import "./register.js";

test("the table of the README has the options of both kinds", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const kinds = ["vllm_python_async", "vllm_python_batch"];
  const fields = kinds.flatMap((kind) => describeFields(backends.find(kind)?.argsSchema));
  const expected = new Map(
    fields.map(({ name, typeText, required, defaultValue, description }) => [
      name,
      [
        name,
        typeText.replaceAll("|", "\\|"),
        required ? "required" : show(defaultValue).replaceAll("|", "\\|"),
        description,
      ],
    ]),
  );
  expect(expected.size).toBe(14);
  const rows = [...readme.matchAll(/^\| `(\w+)` +\| (.+?) +\| (.+?) +\| (.+?) +\|$/gm)].map((row) => row.slice(1));
  expect(rows).toEqual([...expected.values()]);
});

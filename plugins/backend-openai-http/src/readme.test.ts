import { readFileSync } from "node:fs";
import { backends, describeFields } from "@core/backend";
import { expect, test } from "@jest/globals";
import "./register.js";
import { requestFormats } from "./api/formats.js";

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

test("the README lists the request formats and what they send", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const rows = [...readme.matchAll(/^\| `(\/\S+)` +\| (.+?) +\| .*?\|$/gm)].map(([, name, sends]) => [name, sends]);
  const formats = requestFormats.list().map(({ kind, summary, available }) => {
    return [kind, available === false ? summary.replace(/\.$/, " (not built yet).") : summary];
  });
  expect(rows).toEqual(formats);
});

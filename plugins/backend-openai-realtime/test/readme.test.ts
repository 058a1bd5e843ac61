import { readFileSync } from "node:fs";
import { backends, describeFields, show } from "@core/backend";
import { startMockServer } from "@core/mock-server";
import { expect, test } from "@jest/globals";
import "../src/register.js";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const folder = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(`${folder}/README.md`, "utf8");

test("the table of the README has every option with its default and description", () => {
  const rows = [...readme.matchAll(/^\| `(\w+)` +\| (.+?) +\| (.+?) +\|$/gm)].map((row) => row.slice(1));
  const fields = describeFields(backends.find("openai_websocket")?.argsSchema);
  const expected = fields.map(({ name, required, defaultValue, description }) => {
    return [name, required ? "required" : show(defaultValue), description];
  });
  expect(expected.length).toBeGreaterThan(10);
  expect(rows).toEqual(expected);
});

test("the example of the README runs", async () => {
  const server = await startMockServer({ port: 0 });
  const code = /```ts\n(.+?)```/s.exec(readme)?.[1]?.replace("http://localhost:8000", server.url) ?? "";
  const words = ["--input-type=module", "--eval", code];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: folder });
  await server.close();
  expect(stdout).toBe("goodput-mock\n");
});

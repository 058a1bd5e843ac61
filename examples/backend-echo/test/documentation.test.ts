import { readFileSync } from "node:fs";
import { describeFields, show } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import { EchoArgsSchema } from "../src/index.js";

function read(file: string): string {
  return readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
}

/** Cells of the rows below the head of a Markdown table. */
function cellsOf(table: string): readonly (readonly string[])[] {
  const rows = table.trim().split("\n").slice(2);
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("the README's table of options is the schema's", () => {
  const [, table = ""] = /<!-- generated.*?-->([\s\S]*?)<!-- end -->/.exec(read("README.md")) ?? [];
  const options = describeFields(EchoArgsSchema).map(({ name, typeText, defaultValue, description }) => [
    `\`${name}\``,
    typeText,
    defaultValue === null ? "none" : show(defaultValue),
    description,
  ]);
  expect(cellsOf(table)).toEqual(options);
});

describe("docs/writing-a-backend.md", () => {
  const blocks = [...read("../../docs/writing-a-backend.md").matchAll(/```ts title="(.+?)"\n([\s\S]*?)```/g)];

  test("shows files of this package", () => expect(blocks.map(([, file]) => file)).toContain("src/register.ts"));

  test.each(blocks.map(([, file, code]) => [file, code]))("shows %s as it is", (file, code) => {
    expect(code).toBe(read(`${file}`));
  });
});

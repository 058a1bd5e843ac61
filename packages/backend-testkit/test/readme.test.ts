import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { BACKEND_CONTRACT } from "../src/index.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README lists every case, in order, with the other side and what it needs", () => {
  const rows = [...readme.matchAll(/^\| … (.+?) +\| `(\w+)` +\| (.*?) *\|$/gm)].map((row) => row.slice(1));
  const expected = BACKEND_CONTRACT.map(({ name, behaviour, needs }) => {
    return [name, behaviour, needs.map((ability) => `\`${ability}\``).join(", ")];
  });
  expect(rows).toEqual(expected);
});

test("the README names every behaviour and every ability that a case needs", () => {
  for (const { behaviour, needs } of BACKEND_CONTRACT) {
    for (const name of [behaviour, ...needs]) expect(readme).toMatch(new RegExp(`^(\\| |- )\`${name}\``, "m"));
  }
});

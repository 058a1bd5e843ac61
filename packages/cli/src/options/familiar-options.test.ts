import { expect, test } from "@jest/globals";
import { runOptions } from "../commands/run-options.js";
import { FAMILIAR_OPTIONS, insteadOf } from "./familiar-options.js";

const names = new Set(runOptions().flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]));

test.each([...FAMILIAR_OPTIONS])("%s is no option here, and what stands for it is: %s", (name, words) => {
  expect(names).not.toContain(name);
  expect(names).toContain(words.split(" ")[0]);
  expect(insteadOf(name)).toBe(words);
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { type Finished, removeFolders, runGoodput } from "./support/run-goodput.js";

afterAll(removeFolders);

const keptBy = ({ files }: Finished): boolean =>
  files.some((file) => file.startsWith(join("goodput", "compiled", "v")));
/** Relative: the folder in which the command runs. */
const HERE = { XDG_CACHE_HOME: "." };

test("compiled code is kept in the cache folder", async () => {
  const finished = await runGoodput(["--version"], { env: HERE });
  expect(finished).toMatchObject({ code: 0, stderr: "" });
  expect(keptBy(finished)).toBe(true);
});

test("Node's own variables come first", async () => {
  const elsewhere = await runGoodput(["--version"], { env: { ...HERE, NODE_COMPILE_CACHE: "elsewhere" } });
  expect(keptBy(elsewhere)).toBe(false);
  expect(elsewhere.files).toContain("elsewhere");
  const nowhere = await runGoodput(["--version"], { env: { ...HERE, NODE_DISABLE_COMPILE_CACHE: "1" } });
  expect(nowhere.files).toEqual([]);
});

test("a folder that cannot be made is no fault", async () => {
  const finished = await runGoodput(["--version"], {
    env: HERE,
    setUp: (folder) => writeFile(join(folder, "goodput"), "a file"),
  });
  expect(finished).toMatchObject({ code: 0, stderr: "", files: ["goodput"] });
});

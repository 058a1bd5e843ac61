import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { assertWritable, resolveOutputPath, writeAtomically } from "./atomic-file.js";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "goodput-output-"));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

const NOT_WRITABLE = expect.objectContaining({ code: "CORE_OUTPUT_NOT_WRITABLE" });

describe("writeAtomically", () => {
  test("writes all pieces, with the folders above", async () => {
    const file = join(folder, "a", "b.json");
    await writeAtomically(file, ["1", "2", "x".repeat(3_000_000)]);
    expect(await readFile(file, "utf8")).toBe(`12${"x".repeat(3_000_000)}`);
    expect(await readdir(join(folder, "a"))).toEqual(["b.json"]);
  });

  test("writes pieces of any length and script one after the other", async () => {
    const file = join(folder, "b.json");
    const pieces = ["a", "ä".repeat(170_000), "€".repeat(99_999), "", "𝄞".repeat(90_000), "€".repeat(400_000), "z"];
    await writeAtomically(file, pieces);
    expect(await readFile(file, "utf8")).toBe(pieces.join(""));
  });

  test("pieces that fail leave the earlier file and nothing else", async () => {
    const file = join(folder, "b.json");
    await writeFile(file, "earlier");
    function* failing(): Generator<string> {
      yield "half ";
      throw new Error("no more");
    }
    await expect(writeAtomically(file, failing())).rejects.toEqual(NOT_WRITABLE);
    expect(await readFile(file, "utf8")).toBe("earlier");
    expect(await readdir(folder)).toEqual(["b.json"]);
  });
});

describe("assertWritable", () => {
  test("leaves nothing behind", async () => {
    await assertWritable(join(folder, "new", "deep", "b.json"));
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ["below a file", "file/b.json"],
    ["far below a file", "file/new/b.json"],
    ["where a folder is", "sub"],
  ])("refuses a place %s", async (_name, path) => {
    await writeFile(join(folder, "file"), "");
    await mkdir(join(folder, "sub"));
    await expect(assertWritable(join(folder, path))).rejects.toEqual(NOT_WRITABLE);
  });
});

test("a path of the user starts at the working directory, a folder gets the default name", async () => {
  const context = { directory: join(folder, "run"), workingDirectory: folder };
  await mkdir(join(folder, "sub"));
  const resolved = (path: string | null) => resolveOutputPath(path, "b.csv", context);
  expect(await resolved(null)).toBe(join(folder, "run", "b.csv"));
  expect(await resolved("x.csv")).toBe(join(folder, "x.csv"));
  expect(await resolved("sub")).toBe(join(folder, "sub", "b.csv"));
  expect(await resolved("new/")).toBe(join(folder, "new", "b.csv"));
});

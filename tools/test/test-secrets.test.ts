import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { secretsIn, TEST_SECRETS } from "../bootstrap/test-secrets.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

test("each key is one that a test uses", () => {
  const sources = ["packages", "plugins"].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).flatMap((name) => testsIn(join(ROOT, parent, name))),
  );
  expect(secretsIn(sources)).toEqual(TEST_SECRETS);
});

test("a key is found wherever it stands", () => {
  expect(secretsIn(["nothing", '{"title":"target http://u:hunter2@h"}'])).toEqual(["hunter2"]);
});

function testsIn(folder: string): readonly string[] {
  return ["src", "test"].flatMap((name) => {
    try {
      const files = readdirSync(join(folder, name), { recursive: true, encoding: "utf8" });
      return files
        .filter((file) => file.endsWith(".ts") && (name === "test" || file.endsWith(".test.ts")))
        .map((file) => readFileSync(join(folder, name, file), "utf8"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  });
}

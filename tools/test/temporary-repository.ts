import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "@jest/globals";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Content of a file: text, or a value to write as JSON. */
export type FileContent = string | object;

/** Writes a workspace into a temporary folder that lives as long as the test file. */
export function temporaryRepository(files: Readonly<Record<string, FileContent>>): string {
  const root = mkdtempSync(join(tmpdir(), "repository-"));
  folders.push(root);
  const workspace = {
    "pnpm-workspace.yaml": "packages:\n  - packages/*\n  - plugins/*\n  - tools\npmOnFail: ignore\n",
  };
  for (const [path, content] of Object.entries({ ...workspace, "package.json": { private: true }, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}

/** A manifest that no check objects to, with the given fields in place of its own. */
export function manifest(name: string, fields: object = {}): object {
  return {
    name,
    version: "1.0.0",
    description: "A package.",
    license: "Apache-2.0",
    type: "module",
    engines: { node: ">=22.19" },
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./package.json": "./package.json",
    },
    sideEffects: false,
    files: ["dist", "README.md"],
    ...fields,
  };
}

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { checkPackedPackages, checkTarball } from "../checks/packed-packages.mjs";
import { type FileContent, manifest, temporaryRepository } from "./temporary-repository.js";

const BUILT = {
  "README.md": "# a\n",
  "dist/index.js": "export const a = 1;\n",
  "dist/index.d.ts": "export declare const a = 1;\n",
};

/** Makes the tarball of one package, as a registry would hand it out, and checks it. */
async function checkPacked(fields: object, files: Readonly<Record<string, FileContent>>): Promise<readonly string[]> {
  const content = Object.entries({ ...BUILT, ...files, "package.json": manifest("a", fields) });
  const root = temporaryRepository(Object.fromEntries(content.map(([path, text]) => [`package/${path}`, text])));
  const tarball = join(root, "a.tgz");
  execFileSync("tar", ["-czf", tarball, "-C", root, "package"]);
  return await checkTarball(tarball);
}

test("a good tarball passes, source maps with their sources included", async () => {
  const files = {
    "dist/index.js.map": { version: 3, sources: ["../src/index.ts"], sourcesContent: ["export const a = 1;"] },
    "dist/index.d.ts.map": { version: 3, sources: ["../src/index.ts"] },
    "src/index.ts": "export const a = 1;\n",
  };
  expect(await checkPacked({}, files)).toEqual([]);
});

test.each([
  ["range", { dependencies: { b: "workspace:^" } }, {}],
  ["range", { peerDependencies: { b: "catalog:" } }, {}],
  ["test", {}, { "dist/index.test.js": "" }],
  ["test", {}, { "test/support/a.js": "" }],
  ["test", {}, { "src/__fixtures__/a.json": {} }],
  ["build-state", {}, { "dist/.tsbuildinfo": {} }],
  ["source-map", {}, { "dist/index.js.map": { version: 3, sources: ["../src/index.ts"] } }],
  ["missing", { bin: { a: "./bin/a.js" } }, {}],
  ["publint", { main: "./dist/nothing.js" }, {}],
  ["types", {}, { "dist/index.d.ts": 'export { a } from "./nothing";\n' }],
])("%s: %j %j", async (rule, fields, files) => {
  const found = await checkPacked(fields, files);
  expect(found).toContainEqual(expect.stringMatching(new RegExp(`^a\\.tgz\\S*:1 ${rule} `)));
});

test("a workspace is packed as users would get it", async () => {
  const root = temporaryRepository({
    "packages/a/package.json": manifest("a", { dependencies: { b: "workspace:^" } }),
    "packages/b/package.json": manifest("b", { files: ["dist", "src", "README.md"] }),
    "packages/c/package.json": { name: "c", version: "1.0.0", private: true },
    "packages/b/src/b.test.ts": "",
    ...Object.fromEntries(Object.entries(BUILT).map(([path, text]) => [`packages/a/${path}`, text])),
    ...Object.fromEntries(Object.entries(BUILT).map(([path, text]) => [`packages/b/${path}`, text])),
  });
  expect(await checkPackedPackages(root)).toEqual(["b-1.0.0.tgz/src/b.test.ts:1 test a test is in the tarball"]);
}, 120_000);

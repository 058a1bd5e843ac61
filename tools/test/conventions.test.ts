import { expect, test } from "@jest/globals";
import { checkConventions } from "../checks/conventions.mjs";
import { type FileContent, manifest, temporaryRepository } from "./temporary-repository.js";

const PACKAGE = { "packages/a/package.json": manifest("a"), "packages/a/README.md": "# a\n" };

function check(...files: Readonly<Record<string, FileContent>>[]): readonly string[] {
  return checkConventions(temporaryRepository(Object.assign({}, PACKAGE, ...files)));
}

test("a package that keeps every convention passes", () => {
  const found = check({
    "packages/a/package.json": manifest("a", { sideEffects: ["./dist/index.js", "./dist/**/register.js"] }),
    "packages/a/src/index.ts": 'import "./kinds/register.js";\nexport { a as b } from "./a.js";\n',
    "packages/a/src/a.ts": `${"//\n".repeat(399)}export const a = 1;\n`,
    "packages/a/src/a.test.ts": "const bound = setTimeout(() => reject(new Error()), 5);\nawait clock.sleep(1);\n",
  });
  expect(found).toEqual([]);
});

test.each([
  ["description", { description: " " }],
  ["license", { license: "MIT" }],
  ["type", { type: "commonjs" }],
  ["engines", { engines: undefined }],
  ["files", { files: [] }],
  ["side-effects", { sideEffects: undefined }],
  ["exports", { exports: undefined }],
  ["exports", { exports: { ".": "./dist/index.js" } }],
  ["exports", { exports: { ".": { default: "./a.js", types: "./a.d.ts" }, "./package.json": "./package.json" } }],
  ["exports", { exports: { ".": { types: "./a.d.ts", import: "./a.js" }, "./package.json": "./package.json" } }],
])("manifest: %s %j", (rule, fields) => {
  const found = check({ "packages/a/package.json": manifest("a", fields) });
  expect(found.length).toBeGreaterThan(0);
  for (const line of found) expect(line).toMatch(new RegExp(`^packages/a/package.json:1 ${rule} `));
});

test("a private package needs none of it", () => {
  expect(check({ "tools/package.json": { name: "tools", private: true } })).toEqual([]);
});

test("a published package without README.md", () => {
  const found = check({ "packages/b/package.json": manifest("b") });
  expect(found).toEqual(["packages/b/package.json:1 readme b has no README.md"]);
});

test.each([[false], [["./dist/index.js"]], [["./dist/register.js"]]])("sideEffects %j", (sideEffects) => {
  const found = check({
    "packages/a/package.json": manifest("a", { sideEffects }),
    "packages/a/src/index.ts": '\nimport "./register.js";\n',
    "packages/a/src/register.ts": "export {};\n",
  });
  expect(found.length).toBeGreaterThan(0);
  for (const line of found)
    expect(line).toMatch(/^packages\/a\/src\/index\.ts:2 side-effects a does not list \.\/dist\//);
});

test.each([
  ["length", "src/a.ts", `${"//\n".repeat(400)}export const a = 1;\n`, 400],
  ["name", "src/deep/utils.ts", "export const a = 1;\n", 1],
  ["name", "src/types.ts", "export const a = 1;\n", 1],
  ["export-all", "src/a.ts", '\nexport * from "./b.js";\n', 2],
  ["default-export", "src/a.ts", "\nexport default 1;\n", 2],
  ["default-export", "src/a.ts", "export default function f() {}\n", 1],
  ["default-export", "src/a.ts", "const a = 1;\nexport { a as default };\n", 2],
  ["only", "src/a.test.ts", 'test.only("a", () => {});\n', 1],
  ["only", "test/a.test.ts", 'describe.only.each([1])("a", () => {});\n', 1],
  ["sleep", "src/a.test.ts", "// waits\nawait sleep(5);\n", 2],
  ["sleep", "test/support/a.ts", "await new Promise((resolve) => setTimeout(resolve, 5));\n", 1],
  ["sleep", "test/a.test.ts", "await new Promise((r) => { setTimeout(() => r(1), 5); });\n", 1],
  ["sleep", "test/a.test.ts", "await new Promise(function (r) { setTimeout(r, 5); });\n", 1],
  ["sleep", "test/a.test.ts", 'import { setTimeout as delay } from "node:timers/promises";\n', 1],
])("%s in %s: %j", (rule, file, content, line) => {
  const found = check({ [`packages/a/${file}`]: content });
  expect(found).toEqual([expect.stringMatching(new RegExp(`^packages/a/${file}:${line} ${rule} `))]);
});

test("words in comments and strings, methods and other promises are no violation", () => {
  const source = [
    '// test.only("a"), await sleep(1), export * from "./b.js"',
    'const text = "export default 1; await sleep(1)";',
    "const first = await new Promise((resolve) => server.once('listening', resolve));",
    "filter.only(text, first);",
  ];
  expect(check({ "packages/a/src/a.test.ts": source.join("\n") })).toEqual([]);
});

test.each(["home/someone", "work/main", "tmp/x.json", "root/a", "Users/someone"])("the path /%s", (path) => {
  const found = check({ "docs/a.md": `Start:\n\ncd /${path} now\n`, "packages/a/dist/a.js": `"/${path}"` });
  expect(found).toEqual([`docs/a.md:3 machine-path /${path}`]);
});

test("addresses and relative paths are no paths of a machine", () => {
  expect(check({ "docs/a.md": "https://host/home/a, ./tmp/a, ../work/b, $" + "{folder}/tmp/c, a/tmp/b\n" })).toEqual(
    [],
  );
});

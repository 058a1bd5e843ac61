import { describe, expect, test } from "@jest/globals";
import { checkDependencyRule } from "../checks/dependency-rule.mjs";
import { type FileContent, manifest, temporaryRepository } from "./temporary-repository.js";

const REGISTRY = { "packages/registry/package.json": manifest("@core/registry") };
const BACKEND = {
  ...REGISTRY,
  "packages/backend/package.json": manifest("@core/backend", { dependencies: { "@core/registry": "workspace:^" } }),
};
const PEER = { peerDependencies: { "@core/backend": "^1.0.0" }, devDependencies: { "@core/backend": "workspace:^" } };
const PLUGIN = { ...BACKEND, "plugins/backend-x/package.json": manifest("backend-x", PEER) };

function check(...files: Readonly<Record<string, FileContent>>[]): readonly string[] {
  return checkDependencyRule(temporaryRepository(Object.assign({}, ...files)));
}

test("the allowed direction passes, in sources and in tests", () => {
  const found = check(PLUGIN, {
    "packages/backend/src/index.ts": 'export { parse } from "@core/registry";\nimport "node:fs";\n',
    "plugins/backend-x/src/index.ts":
      'import type { Backend } from "@core/backend";\ndeclare module "@core/backend" {}\n',
    "plugins/backend-x/test/x.test.ts": 'import { createBackend } from "@core/backend";\nimport "../src/index.js";\n',
  });
  expect(found).toEqual([]);
});

test.each([
  ["import", 'import { a } from "@core/backend";'],
  ["import type", 'import type { A } from "@core/backend";'],
  ["re-export", 'export { a } from "@core/backend";'],
  ["dynamic import", 'const a = import("@core/backend");'],
  ["import type expression", 'type A = import("@core/backend").A;'],
  ["resolve", 'const url = import.meta.resolve("@core/backend");'],
])("an import against the order is found: %s", (_form, code) => {
  const manifests = {
    "packages/registry/package.json": manifest("@core/registry"),
    "packages/metrics/package.json": manifest("@core/metrics", { dependencies: { "@core/output": "workspace:^" } }),
    "packages/output/package.json": manifest("@core/output"),
  };
  const source = code.replace("@core/backend", "@core/output");
  expect(check(manifests, { "packages/metrics/src/a.ts": `// the é shifts bytes\n\n${source}\n` })).toEqual([
    "packages/metrics/src/a.ts:3 layer @core/metrics may not import @core/output",
  ]);
});

test("imports in comments, strings and templates are none", () => {
  const source = '// import "@core/cli"\n/* import("@core/cli") */\nexport const a = [`import "@core/cli"`, "x"];\n';
  expect(check(REGISTRY, { "packages/registry/src/a.ts": source })).toEqual([]);
});

test("a plugin imports nothing but the core; tests may use the test kit", () => {
  const dependencies = { "@core/registry": "workspace:^" };
  const devDependencies = { "@core/backend": "workspace:^", "@core/backend-testkit": "workspace:^" };
  const found = check(PLUGIN, {
    "plugins/backend-x/package.json": manifest("backend-x", { ...PEER, dependencies, devDependencies }),
    "packages/backend-testkit/package.json": manifest("@core/backend-testkit"),
    "plugins/backend-x/src/a.ts": 'import "@core/registry";\n',
    "plugins/backend-x/test/a.test.ts": 'import "@core/backend-testkit";\n',
  });
  expect(found).toEqual(["plugins/backend-x/src/a.ts:1 layer backend-x may not import @core/registry"]);
});

test("only the distribution imports a plugin", () => {
  const dependencies = { "@plugin/backend-x": "workspace:^" };
  const found = check(BACKEND, {
    "plugins/backend-x/package.json": manifest("@plugin/backend-x", PEER),
    "packages/cli/package.json": manifest("@core/cli", { dependencies }),
    "packages/cli/src/a.ts": 'import "@plugin/backend-x";\n',
    "packages/goodput/package.json": manifest("goodput", { dependencies }),
    "packages/goodput/src/a.ts": 'import "@plugin/backend-x";\n',
  });
  expect(found).toEqual(["packages/cli/src/a.ts:1 layer @core/cli may not import @plugin/backend-x"]);
});

test("a package without a row in the table is found", () => {
  expect(check({ "packages/new/package.json": manifest("@core/new") })).toEqual([
    expect.stringContaining("packages/new/package.json:1 layer @core/new has no row"),
  ]);
});

describe("deep imports", () => {
  test("a path that another package does not export", () => {
    expect(check(BACKEND, { "packages/backend/src/a.ts": 'import "@core/registry/dist/field.js";\n' })).toEqual([
      'packages/backend/src/a.ts:1 deep @core/registry does not export "./dist/field.js"',
    ]);
  });

  test("a relative path out of the package", () => {
    expect(check(BACKEND, { "packages/backend/src/a.ts": 'import "../../registry/src/field.js";\n' })).toEqual([
      expect.stringContaining("packages/backend/src/a.ts:1 deep"),
    ]);
  });

  test("an exported path passes", () => {
    expect(check(BACKEND, { "packages/backend/src/a.ts": 'import "@core/registry/package.json";\n' })).toEqual([]);
  });
});

describe("undeclared packages", () => {
  const developed = { "packages/registry/package.json": manifest("@core/registry", { devDependencies: { x: "1" } }) };

  test("a source needs a dependency, a dev dependency is not enough", () => {
    expect(check(developed, { "packages/registry/src/a.ts": 'import "x/y";\n' })).toEqual([
      expect.stringContaining("packages/registry/src/a.ts:1 undeclared x is not among dependencies"),
    ]);
  });

  test("a test may use dev dependencies, its own and those of the root", () => {
    const files = {
      "package.json": { devDependencies: { "@jest/globals": "1" } },
      "packages/registry/src/a.test.ts": 'import "x";\nimport "@jest/globals";\n',
    };
    expect(check(developed, files)).toEqual([]);
  });

  test("a test needs a declaration too", () => {
    expect(check(developed, { "packages/registry/src/a.test.ts": 'import "@scope/y/z";\n' })).toEqual([
      expect.stringContaining("undeclared @scope/y is not among any dependency"),
    ]);
  });
});

test("injection is imported in one file only", () => {
  const dependencies = { "@core/registry": "workspace:^", tsyringe: "4", "reflect-metadata": "0" };
  const found = check(REGISTRY, {
    "packages/backend/package.json": manifest("@core/backend", { dependencies }),
    "packages/backend/src/di.ts": 'import "reflect-metadata";\nexport { container } from "tsyringe";\n',
    "packages/backend/src/clock.ts": 'import "tsyringe";\n',
  });
  expect(found).toEqual([expect.stringContaining("packages/backend/src/clock.ts:1 di only")]);
});

describe("the peer of a plugin", () => {
  test.each([
    ["is no dependency", { ...PEER, dependencies: { "@core/backend": "^1.0.0" } }, "never a dependency"],
    ["is a dev dependency too", { ...PEER, devDependencies: {} }, "dev dependency too"],
    ["is literal", { ...PEER, peerDependencies: { "@core/backend": "workspace:^" } }, "must be literal"],
    ["exists", { ...PEER, peerDependencies: {} }, "found undefined"],
    ["holds this version", { ...PEER, peerDependencies: { "@core/backend": "^1.1.0" } }, "does not hold"],
  ])("%s", (_name, fields, message) => {
    expect(check(PLUGIN, { "plugins/backend-x/package.json": manifest("backend-x", fields) })).toEqual([
      expect.stringMatching(new RegExp(`^plugins/backend-x/package.json:1 peer .*${message}`)),
    ]);
  });
});

test("a cycle is found, through dev dependencies too", () => {
  const found = check({
    "packages/registry/package.json": manifest("@core/registry", { devDependencies: { "@core/backend": "*" } }),
    "packages/backend/package.json": manifest("@core/backend", { dependencies: { "@core/registry": "*" } }),
  });
  expect(found).toEqual([expect.stringMatching(/ cycle @core\/backend -> @core\/registry -> @core\/backend$/)]);
});

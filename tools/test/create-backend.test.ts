import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { packWorkspace } from "../checks/pack-workspace.mjs";

jest.setTimeout(300_000); // packs and installs

/** An installation that takes longer has no registry to talk to. */
const INSTALL_LIMIT_MS = 120_000;
const ROOT = join(import.meta.dirname, "../..");
const CORE = ["@core/registry", "@core/backend", "@core/backend-testkit", "@core/create-backend"];
const execute = promisify(execFile);
/** Outside the workspace, so that nothing is found there by accident. */
const home = realpathSync(mkdtempSync(join(tmpdir(), "create-backend-")));
const made = join(home, "my-backend");
let tarballs: readonly string[] = [];

const npm = (folder: string, ...words: readonly string[]) =>
  execute("npm", [...words], { cwd: folder, timeout: INSTALL_LIMIT_MS });
const install = (folder: string, ...packages: readonly string[]) =>
  npm(folder, "install", "--no-audit", "--no-fund", "--prefer-offline", ...packages);
/** The tarball of a package: `core-backend-1.0.0.tgz`. */
function tarballOf(name: string): string {
  const pattern = new RegExp(`/${name.replace("@", "").replace("/", "-")}-\\d`);
  return tarballs.find((path) => pattern.test(path)) ?? "";
}

beforeAll(async () => {
  mkdirSync(join(home, "tarballs"));
  tarballs = await packWorkspace(ROOT, CORE, join(home, "tarballs"));
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "user", private: true }));
  await install(home, tarballOf("@core/create-backend"), tarballOf("@core/registry"));
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

test("the installed command makes a package whose tests pass at once", async () => {
  const { stdout } = await execute(
    join(home, "node_modules/.bin/create-backend"),
    ["my-backend", "--kind", "my_kind"],
    {
      cwd: home,
    },
  );
  expect(stdout).toContain("my-backend with the kind my_kind");
  // what will come from the registry under these names comes from here
  await install(made, "--save-dev", ...["@core/registry", "@core/backend", "@core/backend-testkit"].map(tarballOf));
  const { stdout: tested } = await npm(made, "test");
  expect(tested).toMatch(/^# fail 0$|^ℹ fail 0$/m);
  expect(Number(/pass (\d+)/.exec(tested)?.[1])).toBeGreaterThan(30);
  expect(tested).toContain("serves in worker threads");
  expect(tested).not.toContain("not supported: pluginModule");
});

test("the package packs what it needs and nothing else", async () => {
  const { stdout } = await npm(made, "pack", "--dry-run", "--json");
  const [{ files }] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }];
  const paths = files.map(({ path }) => path);
  expect(paths).toContain("dist/src/index.js");
  expect(paths.filter((path) => /test|^src\//.test(path))).toEqual([]);
  const { peerDependencies } = JSON.parse(readFileSync(join(made, "package.json"), "utf8"));
  expect(peerDependencies).toEqual({ "@core/backend": "^1.0.0" });
});

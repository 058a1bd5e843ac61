import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { packWorkspace } from "../checks/pack-workspace.mjs";
import { checkTarball } from "../checks/packed-packages.mjs";
import { readWorkspace } from "../checks/workspace.mjs";

jest.setTimeout(300_000); // packs and installs

/** An installation that takes longer has no registry to talk to. */
const INSTALL_LIMIT_MS = 120_000;
const ROOT = join(import.meta.dirname, "../..");
const PLUGIN = "goodput-backend-echo";
const execute = promisify(execFile);
/** Outside the workspace, so that nothing is found there by accident. */
const home = realpathSync(mkdtempSync(join(tmpdir(), "third-party-")));
const user = join(home, "user");

beforeAll(async () => {
  const tarballs = join(home, "tarballs");
  for (const folder of [tarballs, user]) mkdirSync(folder);
  const names = readWorkspace(ROOT).flatMap(({ name, isPublished }) => (isPublished || name === PLUGIN ? [name] : []));
  const packed = await packWorkspace(ROOT, [...new Set(names)], tarballs);
  writeFileSync(join(user, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
  const words = ["install", "--no-audit", "--no-fund", "--prefer-offline", ...packed];
  await execute("npm", words, { cwd: user, timeout: INSTALL_LIMIT_MS });
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function goodput(...words: readonly string[]) {
  const env = { ...process.env, GOODPUT__SPEC__FAIL_ON_INVALID: "false" }; // the machine may be busy with other tests
  return execute(process.execPath, [join(user, "node_modules/goodput/bin/goodput.js"), ...words], { cwd: user, env });
}

/** Runs five requests and reads what the report says of them. */
async function runEcho(folder: string, plugin = PLUGIN) {
  await goodput(
    ...["run", "--backend", "kind=echo,delay_ms=1,token_gap_ms=1"],
    ...["--data", "kind=synthetic_text,prompt_tokens=8,output_tokens=4"],
    ...["--profile", "kind=concurrent,streams=2", "--constraint", "kind=max_requests,count=5"],
    ...["--output-dir", folder, "--output", "kind=json", "--plugin", plugin],
  );
  const report = JSON.parse(readFileSync(join(user, folder, "benchmarks.json"), "utf8"));
  return { report, totals: report.benchmarks[0].metrics.request_totals };
}

describe("a backend that a stranger has published, installed with npm beside goodput", () => {
  test("is listed", async () => {
    const { stdout } = await goodput("kinds", "backend", "--plugin", PLUGIN);
    const { version } = JSON.parse(readFileSync(join(user, "node_modules", PLUGIN, "package.json"), "utf8"));
    expect(stdout).toMatch(/^ {2}echo +\S/m);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(`[${PLUGIN} ${version}]`);
  });

  test("runs a benchmark", async () => {
    const { totals, report } = await runEcho("first");
    expect(totals).toMatchObject({ successful: 5, errored: 0, incomplete: 0 });
    expect(report.config.spec.backend.kind).toBe("echo");
    expect(report.config.plugins).toEqual([PLUGIN]);
  });

  test("runs with a copy of the core of its own", async () => {
    const own = join(user, "node_modules", PLUGIN, "node_modules");
    for (const name of ["@core/backend", "@core/registry", "tsyringe"]) {
      cpSync(join(user, "node_modules", name), join(own, name), { recursive: true });
    }
    const found = createRequire(join(user, "node_modules", PLUGIN, "dist/index.js")).resolve(
      "@core/backend/package.json",
    );
    expect(found.startsWith(own)).toBe(true);
    const { stdout } = await goodput("kinds", "backend", "--plugin", PLUGIN);
    expect(stdout).toMatch(/^ {2}echo /m);
    const { totals } = await runEcho("second");
    expect(totals).toMatchObject({ successful: 5, errored: 0, incomplete: 0 });
  });
});

describe("docs/writing-a-backend.md, followed word by word", () => {
  const stranger = join(user, "my-backend");
  const page = readFileSync(join(ROOT, "docs/writing-a-backend.md"), "utf8");
  const run = (...words: readonly string[]) => execute(process.execPath, words, { cwd: stranger });

  beforeAll(() => {
    for (const [, path = "", text = ""] of page.matchAll(/```\w+ title="(.+?)"\n([\s\S]*?)```/g)) {
      mkdirSync(dirname(join(stranger, path)), { recursive: true });
      writeFileSync(join(stranger, path), text.replace('from "@jest/globals"', 'from "node:test"'));
    }
  });

  test("compiles and passes the contract", async () => {
    // the compiler and the types of Node are those of this repository, everything else is what was installed
    const types = ["--typeRoots", join(ROOT, "node_modules/@types")];
    await run(join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json", ...types);
    const { stdout } = await run("--test", "dist/test/*.test.js");
    expect(stdout).toMatch(/^# fail 0$|^ℹ fail 0$/m);
    expect(Number(/pass (\d+)/.exec(stdout)?.[1])).toBeGreaterThan(10);
  });

  test("before it is built says what is missing", async () => {
    renameSync(join(stranger, "dist"), join(stranger, "away"));
    await expect(goodput("kinds", "--plugin", "./my-backend")).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^Error: --plugin: \.\/my-backend cannot be loaded: .*is it built\?/),
    });
    renameSync(join(stranger, "away"), join(stranger, "dist"));
  });

  test("runs from its folder", async () => {
    const { totals } = await runEcho("third", "./my-backend");
    expect(totals).toMatchObject({ successful: 5, errored: 0, incomplete: 0 });
  });

  test("packs into a tarball that is fit to be published", async () => {
    const { stdout } = await execute("npm", ["pack", "--silent"], { cwd: stranger });
    expect(await checkTarball(join(stranger, stdout.trim()))).toEqual([]);
  });

  test("its commands run as they are written", async () => {
    const commands = [...page.replaceAll(/ \\\n\s*/g, " ").matchAll(/^npx goodput (.+)$/gm)].map(
      ([, words = ""]) => words,
    );
    expect(commands.map((words) => words.split(" ")[0])).toEqual(["kinds", "run"]);
    for (const words of commands) await goodput(...words.split(" "));
  });
});

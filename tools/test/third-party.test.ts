import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { packWorkspace } from "../checks/pack-workspace.mjs";
import { readWorkspace } from "../checks/workspace.mjs";

jest.setTimeout(300_000); // packs and installs

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
  await execute("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...packed], { cwd: user });
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function goodput(...words: readonly string[]) {
  const command = join(user, "node_modules/goodput/bin/goodput.js");
  return execute(process.execPath, [command, ...words, "--plugin", PLUGIN], { cwd: user });
}

/** Runs five requests and reads what the report says of them. */
async function runEcho(folder: string) {
  await goodput(
    ...["run", "--backend", "kind=echo,delay_ms=1,token_gap_ms=1"],
    ...["--data", "kind=synthetic_text,prompt_tokens=8,output_tokens=4"],
    ...["--profile", "kind=concurrent,streams=2", "--constraint", "kind=max_requests,count=5"],
    ...["--output-dir", folder, "--output", "kind=json"],
  );
  const report = JSON.parse(readFileSync(join(user, folder, "benchmarks.json"), "utf8"));
  return { report, totals: report.benchmarks[0].metrics.request_totals };
}

describe("a backend that a stranger has published, installed with npm beside goodput", () => {
  test("is listed", async () => {
    const { stdout } = await goodput("kinds", "backend");
    expect(stdout).toMatch(/^ {2}echo +.*\[goodput-backend-echo 0\.1\.0\]$/m);
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
    const { stdout } = await goodput("kinds", "backend");
    expect(stdout).toMatch(/^ {2}echo /m);
    const { totals } = await runEcho("second");
    expect(totals).toMatchObject({ successful: 5, errored: 0, incomplete: 0 });
  });
});

import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type InstalledProject, installProject } from "../test/installed-project.js";

jest.setTimeout(600_000); // installs whole Nodes

const ROOT = join(import.meta.dirname, "../..");
const execute = promisify(execFile);
const { engines } = JSON.parse(readFileSync(join(ROOT, "packages/goodput/package.json"), "utf8"));
/** The oldest Node that the packages allow, and the newest there is. */
const VERSIONS = [`${engines.node.replace(">=", "")}.0`, "latest"];

let project: InstalledProject;
beforeAll(async () => {
  project = await installProject({});
});
afterAll(() => project.remove());

describe.each(VERSIONS)("with Node %s", (version) => {
  let node: string;
  beforeAll(async () => {
    const folder = join(project.folder, `node-${version}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "a-node", private: true }));
    await execute("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", `node@${version}`], {
      cwd: folder,
    });
    node = join(folder, "node_modules/node/bin/node");
  });

  test("is that version", async () => {
    const { stdout } = await project.run(node, "--version");
    if (version === "latest") expect(Number(/^v(\d+)/.exec(stdout)?.[1])).toBeGreaterThan(24);
    else expect(stdout).toBe(`v${version}\n`);
  });

  test("runs a benchmark with a plugin and writes its report", async () => {
    await project.run(
      ...[node, "node_modules/goodput/bin/goodput.js", "run", "--plugin", "goodput-backend-echo"],
      ...["--backend", "kind=echo,delay_ms=1", "--data", "kind=synthetic_text,prompt_tokens=8,output_tokens=4"],
      ...["--profile", "kind=concurrent,streams=2", "--constraint", "kind=max_requests,count=5"],
      ...["--output", "kind=json", "--output-dir", `out-${version}`],
    );
    const report = JSON.parse(readFileSync(join(project.folder, `out-${version}`, "benchmarks.json"), "utf8"));
    expect(report.benchmarks[0].metrics.request_totals).toMatchObject({ successful: 5, errored: 0 });
  });

  test("passes the contract of a package that has just been made", async () => {
    const name = `made-${version.replaceAll(".", "-")}`;
    await project.run(node, "node_modules/@core/create-backend/bin/create-backend.js", name);
    // the compiler and the types of Node are those of this repository
    const types = ["--typeRoots", join(ROOT, "node_modules/@types")];
    await project.node(join(ROOT, "node_modules/typescript/bin/tsc"), "-p", join(name, "tsconfig.json"), ...types);
    const { stdout } = await execute(node, ["--test", "dist/test/*.test.js"], { cwd: join(project.folder, name) });
    expect(stdout).toMatch(/^# fail 0$|^ℹ fail 0$/m);
    expect(Number(/pass (\d+)/.exec(stdout)?.[1])).toBeGreaterThan(30);
  });
});

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PNPM } from "../bootstrap/command.mjs";
import { packWorkspace } from "../checks/pack-workspace.mjs";
import { readWorkspace } from "../checks/workspace.mjs";

/** An installation that takes longer has no registry to talk to. */
const INSTALL_LIMIT_MS = 120_000;
const ROOT = join(import.meta.dirname, "../..");
const execute = promisify(execFile);

/** What a command printed. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** A project of a user, outside the workspace, with everything from tarballs. */
export interface InstalledProject {
  readonly folder: string;
  /** Names of the packages that came from tarballs. */
  readonly packed: readonly string[];
  /** Runs a script of the project with this Node; rejects when it ends with another code than 0. */
  node(...words: readonly string[]): Promise<Printed>;
  /** The same with another program. */
  run(program: string, ...words: readonly string[]): Promise<Printed>;
  remove(): void;
}

/**
 * Packs all published packages and the echo example, and installs them with pnpm, which lets a package see nothing but what it
 * declares.
 *
 * @param versions - Exact versions of packages from the registry, wherever they are needed.
 */
export async function installProject(versions: Readonly<Record<string, string>>): Promise<InstalledProject> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "installed-project-")));
  const folder = join(home, "user");
  const tarballs = join(home, "tarballs");
  for (const path of [folder, tarballs]) mkdirSync(path);
  const packed = readWorkspace(ROOT).flatMap(({ name, isPublished }) =>
    isPublished || name === "goodput-backend-echo" ? [name] : [],
  );
  await packWorkspace(ROOT, packed, tarballs);
  const files = readdirSync(tarballs);
  const own = Object.fromEntries(
    packed.map((name) => {
      const pattern = new RegExp(`^${name.replace("@", "").replace("/", "-")}-\\d`);
      return [name, `file:${join(tarballs, files.find((file) => pattern.test(file)) ?? "")}`];
    }),
  );
  const dependencies = { ...own, valibot: "^1.5.0" }; // what a plugin needs that is made in this project
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "user", version: "3.2.1", private: true, type: "module", dependencies }),
  );
  // JSON is YAML
  writeFileSync(join(folder, "pnpm-workspace.yaml"), JSON.stringify({ overrides: { ...versions, ...own } }));
  const [program = "", ...words] = [...PNPM, "install", "--prefer-offline", "--ignore-scripts"];
  await execute(program, words, { cwd: folder, timeout: INSTALL_LIMIT_MS });
  const env = { ...process.env, GOODPUT__SPEC__FAIL_ON_INVALID: "false" }; // the machine may be busy with other tests
  const run = (command: string, ...script: readonly string[]) => execute(command, [...script], { cwd: folder, env });
  return {
    ...{ folder, packed, run },
    node: (...script) => run(process.execPath, ...script),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { PNPM } from "../bootstrap/command.mjs";

const AT_ONCE = 2;

/**
 * Packs packages of a workspace as they would be published.
 * @param {string} root - Its packages are built.
 * @param {readonly string[]} names - Names of the packages.
 * @param {string} folder - Where the tarballs go; empty before.
 * @returns {Promise<string[]>} Paths of the tarballs, in the order of their file names.
 */
export async function packWorkspace(root, names, folder) {
  const [program, ...words] = [...PNPM, "--recursive", `--workspace-concurrency=${AT_ONCE}`];
  const filters = names.map((name) => `--filter=${name}`);
  await promisify(execFile)(program, [...words, ...filters, "pack", "--pack-destination", folder], { cwd: root });
  const tarballs = readdirSync(folder).map((name) => join(folder, name));
  if (tarballs.length !== names.length) throw new Error(`${names.length} packages gave ${tarballs.length} tarballs`);
  return tarballs.sort();
}

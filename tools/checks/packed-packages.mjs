// What users would install: every published package is packed, unpacked and judged as it comes out of the tarball.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packWorkspace } from "./pack-workspace.mjs";
import { packedFolderViolations } from "./packed-folder.mjs";
import { runAsScript, violation } from "./report.mjs";
import { readWorkspace } from "./workspace.mjs";

const ATTW = fileURLToPath(new URL("../../node_modules/.bin/attw", import.meta.url));
const AT_ONCE = 2;
const execute = promisify(execFile);

/**
 * Packs every published package of a workspace and checks the tarballs.
 * @param {string} root - Its packages are built.
 * @returns {Promise<string[]>} One line for each violation.
 */
export async function checkPackedPackages(root) {
  const names = readWorkspace(root).flatMap((item) => (item.isPublished ? [item.name] : []));
  if (names.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), "packed-packages-"));
  try {
    return await inTurns(await packWorkspace(root, names, folder), checkTarball);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function inTurns(items, work) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results.flat();
}

/**
 * Checks one tarball: its content, publint, and "are the types wrong" for users of ES modules.
 * @param {string} tarball
 * @returns {Promise<string[]>}
 */
export async function checkTarball(tarball) {
  const unpacked = `${tarball}.unpacked`;
  mkdirSync(unpacked);
  await execute("tar", ["-xzf", tarball, "-C", unpacked]);
  const folder = join(unpacked, "package");
  const label = basename(tarball);
  return [
    ...packedFolderViolations(folder, label),
    ...(await publintViolations(folder, label)),
    ...(await typeViolations(tarball, label)),
  ];
}

async function publintViolations(folder, label) {
  const { messages, pkg } = await publint({ pkgDir: folder, pack: false, strict: true });
  const wrong = messages.filter(({ type }) => type !== "suggestion");
  return wrong.map((message) => violation(`${label}/package.json`, 1, "publint", `${formatMessage(message, pkg)}`));
}

async function typeViolations(tarball, label) {
  const words = [tarball, "--profile", "esm-only", "--format", "ascii", "--no-color", "--no-emoji", "--no-summary"];
  try {
    await execute(ATTW, words);
    return [];
  } catch (error) {
    return [violation(label, 1, "types", `attw: ${error.stdout || error.message}`.trim())];
  }
}

await runAsScript(import.meta.url, checkPackedPackages);

import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BackendNames } from "./backend-names.js";
import { CreateBackendError } from "./errors.js";
import { renderTemplate } from "./render-template.js";

/** What may lie in a folder that a package is made in. */
const HARMLESS = new Set([".git", ".DS_Store", ".idea", ".vscode"]);

/**
 * Writes the package of a new backend.
 *
 * @param folder - Is made when it is not there; must hold nothing.
 * @returns Paths of the files, relative to the folder, ascending.
 * @throws {CreateBackendError} CORE_CREATE_BACKEND_FOLDER_IN_USE; nothing is written then.
 */
export function createBackendPackage(folder: string, names: BackendNames): readonly string[] {
  assertEmpty(folder);
  const files = renderTemplate(names);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return Object.keys(files).sort();
}

function assertEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  const found = statSync(folder).isDirectory() ? readdirSync(folder).find((name) => !HARMLESS.has(name)) : folder;
  if (found === undefined) return;
  throw new CreateBackendError(`The folder ${folder} is in use: it holds ${found}.`, {
    code: "CORE_CREATE_BACKEND_FOLDER_IN_USE",
    hint: "Name a folder that is empty or not there yet.",
  });
}

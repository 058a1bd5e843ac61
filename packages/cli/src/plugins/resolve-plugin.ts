import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve as resolvePath } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { resolve } from "import-meta-resolve";
import { CliError } from "../errors.js";
import { cannotLoad } from "./cannot-load.js";

/** A plugin as somebody asked for it. */
export interface PluginRequest {
  /** Package name, or a path to a module or to the folder of a package. */
  readonly specifier: string;
  /** Folder of the file that names it; paths and packages are looked up from there first. */
  readonly directory: string;
}

/**
 * The module of a plugin, as a file URL.
 *
 * @param workingDirectory - Looked up from here when the file's own folder has no such package.
 * @throws {CliError} CORE_CLI_PLUGIN when it cannot be found.
 */
export function resolvePlugin({ specifier, directory }: PluginRequest, workingDirectory: string): string {
  if (specifier.startsWith("file:")) return specifier;
  if (/^\.{0,2}\//.test(specifier)) return resolveFile(specifier, directory);
  const folders = [...new Set([directory, workingDirectory])];
  for (const folder of folders) {
    try {
      const url = resolve(specifier, pathToFileURL(join(folder, "package.json")).href);
      if (existsSync(new URL(url))) return url;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") continue;
      throw cannotLoad(specifier, error);
    }
  }
  throw new CliError(`--plugin: the package ${specifier} cannot be found (looked from ${folders.join(" and ")})`, {
    code: "CORE_CLI_PLUGIN",
    hint: `Install it where you run goodput: npm install ${specifier}`,
  });
}

function resolveFile(specifier: string, directory: string): string {
  const path = resolvePath(directory, specifier);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true) return pathToFileURL(path).href;
  if (found?.isDirectory() === true) return resolveFolder(specifier, path);
  throw new CliError(`--plugin: there is no module ${path}`, { code: "CORE_CLI_PLUGIN" });
}

/** The entry of the package in a folder, found as the package would find itself. */
function resolveFolder(specifier: string, folder: string): string {
  const manifest = join(folder, "package.json");
  try {
    const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly name: string };
    const url = resolve(name, pathToFileURL(manifest).href);
    if (existsSync(new URL(url))) return url;
    throw new Error(`${fileURLToPath(url)} is not there; is it built?`);
  } catch (error) {
    throw cannotLoad(specifier, error);
  }
}

import { CoreError } from "@core/registry";
import { CONFIG_PARTS } from "../config/config-parts.js";
import { cannotLoad } from "./cannot-load.js";
import type { PluginRequest } from "./resolve-plugin.js";

/** What came of loading plugins. */
export interface LoadedPlugins {
  /** File URLs of the modules, for worker threads. */
  readonly urls: readonly string[];
  /** Specifiers whose module registered nothing new. */
  readonly silent: readonly string[];
}

/**
 * Imports plugins, which register their kinds by that.
 *
 * @param workingDirectory - Looked up from here when the file's own folder has no such package.
 * @throws {CliError} CORE_CLI_PLUGIN when one cannot be found or fails while loading.
 */
export async function loadPlugins(
  requests: readonly PluginRequest[],
  workingDirectory: string,
): Promise<LoadedPlugins> {
  const urls = new Set<string>();
  const silent: string[] = [];
  for (const request of requests) {
    const { resolvePlugin } = await import("./resolve-plugin.js"); // with the resolver of modules, which most runs do not need
    const url = resolvePlugin(request, workingDirectory);
    if (urls.has(url)) continue;
    urls.add(url);
    const before = countKinds();
    await importPlugin(request.specifier, url);
    if (countKinds() === before) silent.push(request.specifier);
  }
  return { urls: [...urls], silent };
}

function countKinds(): number {
  return CONFIG_PARTS.reduce((sum, { registry }) => sum + registry.list().length, 0);
}

async function importPlugin(specifier: string, url: string): Promise<void> {
  try {
    await import(url);
  } catch (error) {
    if (CoreError.isInstance(error)) throw error;
    throw cannotLoad(specifier, error);
  }
}

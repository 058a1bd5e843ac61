import * as module from "node:module";
import { join } from "node:path";
import { cacheFolder } from "./cache-folder.js";

/**
 * Lets Node keep what V8 has compiled of the code that is loaded from now on, for later runs and for the threads of this
 * one: a tenth of the CPU time of a short run. Call it before the rest is imported. `NODE_COMPILE_CACHE` names another
 * folder, `NODE_DISABLE_COMPILE_CACHE=1` keeps nothing; where nothing can be written, nothing is kept.
 *
 * @param environment - That of this process; threads and children take the folder from it.
 */
export function keepCompiledCode(environment: Record<string, string | undefined>): void {
  if (environment["NODE_COMPILE_CACHE"] || environment["NODE_DISABLE_COMPILE_CACHE"]) return;
  const folder = join(cacheFolder(environment), "compiled");
  const { status } = module.enableCompileCache(folder);
  if (status === module.constants.compileCacheStatus.ENABLED) environment["NODE_COMPILE_CACHE"] = folder;
}

import { homedir } from "node:os";
import { join } from "node:path";

/** What may be lost is kept here: the cache folder of the user (`XDG_CACHE_HOME`, else `~/.cache`; Windows: `LOCALAPPDATA`). */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const { XDG_CACHE_HOME: given, LOCALAPPDATA: local } = environment;
  const folder = given || (process.platform === "win32" && local) || join(environment["HOME"] || homedir(), ".cache");
  return join(folder, "goodput");
}

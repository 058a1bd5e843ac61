import { basename } from "node:path";

/**
 * Puts the modules of a package that are always loaded together into one file: those that the same entries need from the
 * start. What only one entry needs stays in its file, and what is imported late by other modules is left to the bundler.
 *
 * @param entries - Paths of the modules by which a thread or a command begins.
 * @returns Name of the file of a module, null where the bundler decides; for the bundler's groups.
 */
export function chunkNames(entries) {
  let names = null;
  return (path, graph) => {
    names ??= nameAll(entries, (module) => graph.getModuleInfo(module));
    return names.get(path) ?? null;
  };
}

function nameAll(entries, infoOf) {
  const users = new Map(); // of each module, the entries that need it
  for (const entry of entries) {
    for (const path of reachedFrom(entry, infoOf)) users.set(path, [...(users.get(path) ?? []), entry]);
  }
  const late = new Set([...users.keys()].flatMap((path) => infoOf(path).dynamicallyImportedIds));
  const neededLate = new Set(
    [...late].filter((path) => !entries.includes(path)).flatMap((path) => [...reachedFrom(path, infoOf)]),
  );
  const names = new Map();
  for (const [path, of] of users) {
    const isOwn = of.length === 1 && !neededLate.has(path);
    if (!entries.includes(path) && !isOwn) names.set(path, of.map((entry) => basename(entry, ".js")).join("-"));
  }
  return names;
}

/** A module and all that it imports from the start, but for what is not of this bundle. */
function reachedFrom(entry, infoOf) {
  const reached = new Set();
  const open = [entry];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const info = infoOf(path);
    if (reached.has(path) || info === null || info.isExternal) continue;
    reached.add(path);
    open.push(...info.importedIds);
  }
  return reached;
}

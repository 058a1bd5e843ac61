import { cpSync, existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Copies a built package and, flat beside it, all that it depends on at run time: a second physical copy of each. */
export function copyPackage(folder: string, modules: string, copied = new Set<string>()): void {
  const source = realpathSync(folder);
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as {
    readonly name: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
  };
  if (copied.has(manifest.name)) return;
  copied.add(manifest.name);
  cpSync(source, join(modules, manifest.name), {
    recursive: true,
    filter: (path) => path === source || !["node_modules", "src", "test"].includes(basename(path)),
  });
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    const found = findDependency(source, name);
    if (found !== null) copyPackage(found, modules, copied);
  }
}

function findDependency(from: string, name: string): string | null {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(candidate)) return candidate;
  }
  return null; // an optional peer, such as typescript
}

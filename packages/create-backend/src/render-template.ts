import { readFileSync } from "node:fs";
import type { BackendNames } from "./backend-names.js";

/** Files of a package: text by path. */
export type PackageFiles = Readonly<Record<string, string>>;

/** The files of a new backend: the echo example under its new names. */
export function renderTemplate(names: BackendNames): PackageFiles {
  const template = JSON.parse(
    readFileSync(new URL("../bundle/template.json", import.meta.url), "utf8"),
  ) as PackageFiles;
  const entries = Object.entries(template).map(([path, text]) => [rename(path, names), rename(text, names)] as const);
  return Object.fromEntries(entries);
}

/** Only names are replaced: words of sentences and of variables stay, since the new backend echoes, too, at first. */
function rename(text: string, { packageName, kind }: BackendNames): string {
  return text
    .replaceAll("goodput-backend-echo", packageName)
    .replaceAll("echo-backend", `${kind.replaceAll("_", "-")}-backend`)
    .replaceAll("Echo", pascalCase(kind))
    .replaceAll(/(["`])echo\1/g, `$1${kind}$1`)
    .replaceAll("kind=echo", `kind=${kind}`)
    .replaceAll(/^ {4}echo: /gm, `    ${kind}: `);
}

function pascalCase(kind: string): string {
  return kind.replaceAll(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

import { createRequire } from "node:module";
import type * as yaml from "yaml";

const load = createRequire(import.meta.url);

/** What was read, or the first line of why not. */
export type YamlReading = { readonly value: unknown } | { readonly problem: string };

/** Reads one YAML 1.2 or JSON document. The parser is loaded when it is first needed. */
export function parseYaml(text: string): YamlReading {
  const { parseDocument } = load("yaml") as typeof yaml;
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) return { problem: (error.message.split("\n")[0] ?? "").replace(/:$/, "") };
  return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
}

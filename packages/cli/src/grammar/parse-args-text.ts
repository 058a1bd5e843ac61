import { isMapping } from "@core/registry";
import { assignAt, fillGaps, parseFieldPath } from "./field-path.js";
import { parseYaml } from "./parse-yaml.js";
import { readScalar } from "./scalar.js";
import { type Pair, splitPairs } from "./split-pairs.js";

/** The mapping that a text stands for, or why it stands for none. */
export type ArgsReading = { readonly value: Readonly<Record<string, unknown>> } | { readonly problem: string };

/**
 * Reads the value of an option like `--backend`: `key=value` pairs, or a mapping in JSON or YAML. Values are quoted
 * text, lists and mappings in brackets, or scalars; keys are paths (`a.b[0].c=1`).
 */
export function parseArgsText(text: string): ArgsReading {
  const trimmed = text.trim();
  if (trimmed === "") return { problem: "is empty" };
  if (looksLikeMapping(trimmed)) return parseMapping(trimmed);
  if (!trimmed.includes("=")) {
    return { problem: `"${trimmed}" is not key=value${/^[\w/-]+$/.test(trimmed) ? ` (write kind=${trimmed})` : ""}` };
  }
  return parsePairs(trimmed);
}

/** Reads `key=value` pairs. */
export function parsePairs(text: string): ArgsReading {
  const pairs = splitPairs(text);
  if (!Array.isArray(pairs)) return withColumn(pairs as Exclude<typeof pairs, readonly Pair[]>);
  const root: Record<string, unknown> = {};
  for (const { key, value, column } of pairs as readonly Pair[]) {
    const path = parseFieldPath(key);
    if ("problem" in path) return withColumn({ problem: path.problem, column });
    const reading = parseValue(value);
    if ("problem" in reading) return withColumn({ problem: `the value of ${key}: ${reading.problem}`, column });
    const refused = assignAt(root, path, reading.value, "once");
    if (refused !== null) return withColumn({ problem: refused, column });
  }
  return { value: fillGaps(root) as Readonly<Record<string, unknown>> };
}

/** Reads one value: in quotes or brackets by YAML's rules, else a scalar. */
export function parseValue(text: string): { readonly value: unknown } | { readonly problem: string } {
  return /^["'[{]/.test(text) ? parseYaml(text) : { value: readScalar(text) };
}

/** `{...}` or `key: ...`, the forms that cannot be pairs. */
function looksLikeMapping(text: string): boolean {
  return text.startsWith("{") || /^["']?[\w-]+["']?:(\s|$)/.test(text);
}

function parseMapping(text: string): ArgsReading {
  const reading = parseYaml(text);
  if ("problem" in reading) return reading;
  return isMapping(reading.value) ? { value: reading.value } : { problem: "must be a mapping" };
}

function withColumn({ problem, column }: { readonly problem: string; readonly column: number }): ArgsReading {
  return { problem: `${problem} (at character ${column})` };
}

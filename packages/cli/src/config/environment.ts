import { CliError } from "../errors.js";
import { assignAt } from "../grammar/field-path.js";
import { parseYaml } from "../grammar/parse-yaml.js";
import { type ConfigSource, readSource } from "./config-source.js";

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that sets a place of the configuration. */
export interface ConfigVariable {
  readonly name: string;
  /** Lower-case steps, for example `["spec", "backend", "target"]`. */
  readonly path: readonly string[];
  readonly text: string;
}

const PREFIXES = ["GUIDELLM__", "GOODPUT__"]; // the later one wins
const TOP_LEVEL = new Set(["plugins", "metadata", "spec", "benchmarks"]);

/** Variables of the configuration in the order in which they are applied: whole parts before their fields. */
export function configVariables(environment: Environment): readonly ConfigVariable[] {
  return PREFIXES.flatMap((prefix) =>
    Object.entries(environment)
      .filter(([name, text]) => name.toUpperCase().startsWith(prefix) && text !== undefined && text !== "")
      .map(([name, text]) => ({ name, path: name.slice(prefix.length).toLowerCase().split("__"), text: text ?? "" }))
      .filter(({ path }) => TOP_LEVEL.has(path[0] ?? ""))
      .sort((left, right) => left.path.length - right.path.length || left.name.localeCompare(right.name)),
  );
}

/** Variables that look meant for this program and mean nothing to it. */
export function unknownVariables(environment: Environment): readonly string[] {
  const known = new Set([...configVariables(environment).map(({ name }) => name), "GOODPUT_DEBUG"]);
  return Object.keys(environment).filter(
    (name) => /^GOODPUT_/i.test(name) && !known.has(name) && environment[name] !== "",
  );
}

/**
 * Reads `GOODPUT__SPEC__BACKEND__TARGET=...` and the like into one source for each variable.
 *
 * @throws {CliError} CORE_CLI_BAD_CONFIG naming the variable.
 */
export function readEnvironmentSources(environment: Environment, directory: string): readonly ConfigSource[] {
  return configVariables(environment).map(({ name, path, text }) => {
    const root: Record<string, unknown> = {};
    assignAt(root, path, readValue(name, text), "overwrite");
    return readSource(root, name, directory);
  });
}

/** Lists and mappings are JSON; everything else is text, which the fields read. */
function readValue(name: string, text: string): unknown {
  if (text.trim() === "null") return null;
  if (!/^\s*[[{]/.test(text)) return text;
  const reading = parseYaml(text);
  if ("value" in reading) return reading.value;
  throw new CliError(`${name}: must be JSON (${reading.problem})`, { code: "CORE_CLI_BAD_CONFIG" });
}

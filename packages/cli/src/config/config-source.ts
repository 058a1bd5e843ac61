import { isMapping, nearestName } from "@core/registry";
import { CliError } from "../errors.js";
import { parseArgsText } from "../grammar/parse-args-text.js";
import { CONFIG_PARTS, type ConfigPart } from "./config-parts.js";
import { SETTING_NAMES } from "./spec-settings.js";

/** Free mapping. */
export type Mapping = Readonly<Record<string, unknown>>;

/** A configuration from one place: defaults, a file, the environment or options. Every part is optional. */
export interface ConfigSource {
  /** Where it came from, for messages: `--backend`, `the file chat.yaml`, `GOODPUT__SPEC__BACKEND`. */
  readonly origin: string;
  /** Folder from which plugins are found. */
  readonly directory: string;
  readonly plugins: readonly string[];
  readonly metadata: Mapping;
  /** By field; lists of parts are lists, every part is a mapping. */
  readonly spec: Mapping;
  readonly benchmarks: readonly (Mapping | null)[] | null;
}

/** Origin of what the distribution sets by itself. */
export const DEFAULTS_ORIGIN = "the defaults";

const TOP_KEYS = ["plugins", "metadata", "spec", "benchmarks"];

/**
 * Reads the configuration of one place into its normal form. A saved report counts as its `config`; hyphens in names,
 * singular names, a bare kind and a single part in place of a list are accepted.
 *
 * @throws {CliError} CORE_CLI_BAD_CONFIG with every problem.
 */
export function readSource(input: unknown, origin: string, directory: string): ConfigSource {
  const problems: string[] = [];
  if (!isMapping(input)) throw badConfig(origin, ["must be a mapping with spec, metadata, benchmarks or plugins"]);
  const given = isMapping(input["config"]) ? input["config"] : input;
  for (const key of Object.keys(given)) {
    if (!TOP_KEYS.includes(key)) problems.push(unknownKey(key, TOP_KEYS, "at the top level"));
  }
  const source: ConfigSource = {
    origin,
    directory,
    plugins: readPlugins(given["plugins"] ?? [], problems),
    metadata: readMapping(given["metadata"] ?? {}, "metadata", problems),
    spec: readSpec(given["spec"] ?? {}, problems),
    benchmarks: readBenchmarks(given["benchmarks"] ?? null, problems),
  };
  if (problems.length > 0) throw badConfig(origin, problems);
  return source;
}

function badConfig(origin: string, problems: readonly string[]): CliError {
  return new CliError(`The configuration from ${origin} does not validate:\n${problems.join("\n")}`, {
    code: "CORE_CLI_BAD_CONFIG",
  });
}

function unknownKey(key: string, known: readonly string[], where: string): string {
  const near = nearestName(key, known);
  const suggestion = near === null ? "" : ` (did you mean "${near}"?)`;
  return `${key}: unknown key ${where}${suggestion}; allowed: ${known.join(", ")}`;
}

function readPlugins(value: unknown, problems: string[]): readonly string[] {
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) return value;
  problems.push("plugins: must be a list of package names or paths");
  return [];
}

function readMapping(value: unknown, at: string, problems: string[]): Mapping {
  if (isMapping(value)) return value;
  problems.push(`${at}: must be a mapping`);
  return {};
}

function readSpec(value: unknown, problems: string[]): Mapping {
  const spec: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(readMapping(value, "spec", problems))) {
    const name = key.replaceAll("-", "_");
    const part = CONFIG_PARTS.find(
      ({ field, registry }) => field === name || optionName(registry.family.option) === name,
    );
    const field = part?.field ?? name;
    if (part === undefined && !SETTING_NAMES.includes(name)) {
      problems.push(unknownKey(key, [...CONFIG_PARTS.map((known) => known.field), ...SETTING_NAMES], "in spec"));
    } else if (Object.hasOwn(spec, field)) problems.push(`${key}: is given twice in spec (as ${field})`);
    else spec[field] = part === undefined ? entry : readPart(part, entry, problems);
  }
  return spec;
}

function optionName(option: string): string {
  return option.replace(/^--/, "").replaceAll("-", "_");
}

function readPart(part: ConfigPart, value: unknown, problems: string[]): unknown {
  if (!part.repeat) return readOne(value, part.field, problems);
  const list = Array.isArray(value) ? value : value === null ? [] : [value];
  return list.map((entry, at) => readOne(entry, `${part.field}[${at}]`, problems));
}

/** Text is a bare kind or the form of the command line; everything that is no mapping is judged later. */
function readOne(value: unknown, at: string, problems: string[]): unknown {
  if (typeof value !== "string") return value;
  if (/^[\w/-]+$/.test(value)) return { kind: value };
  const reading = parseArgsText(value);
  if ("value" in reading) return reading.value;
  problems.push(`${at}: ${reading.problem}`);
  return {};
}

function readBenchmarks(value: unknown, problems: string[]): readonly (Mapping | null)[] | null {
  if (value === null) return null;
  if (!Array.isArray(value) || !value.every((entry) => entry === null || isMapping(entry))) {
    problems.push("benchmarks: must be a list of mappings from a path like profile.streams to a value");
    return null;
  }
  return value as readonly (Mapping | null)[];
}

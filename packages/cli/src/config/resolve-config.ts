import { profileProblems, type RunConfig } from "@core/benchmark";
import { CoreError, isMapping, show } from "@core/registry";
import { CliError } from "../errors.js";
import { applyOverrides } from "./apply-overrides.js";
import { CONFIG_PARTS, type ConfigPart } from "./config-parts.js";
import { DEFAULTS_ORIGIN, type Mapping } from "./config-source.js";
import type { MergedConfig } from "./merge-sources.js";
import { parseSettings, SETTING_NAMES } from "./spec-settings.js";

/**
 * Validates everything that was given and completes it.
 *
 * @throws {CliError} CORE_CLI_BAD_CONFIG with every problem: its path, what is wrong, and where the value came from.
 */
export function resolveConfig(merged: MergedConfig, plugins: readonly string[]): RunConfig {
  const overridden = applyOverrides(merged.spec, merged.benchmarks);
  const given = "spec" in overridden ? overridden.spec : merged.spec;
  const problems: string[] = "problems" in overridden ? [...overridden.problems] : [];
  const spec: Record<string, unknown> = {};
  for (const part of CONFIG_PARTS) spec[part.field] = resolvePart(part, given[part.field], problems);
  const settings = parseSettings(
    Object.fromEntries(Object.entries(given).filter(([name]) => SETTING_NAMES.includes(name))),
  );
  if ("problems" in settings) problems.push(...settings.problems);
  else Object.assign(spec, settings.value);
  const labels = readLabels(merged.metadata, problems);
  if (problems.length > 0) throw badConfig(problems, merged.origins);
  const resolved = spec as unknown as RunConfig["spec"];
  const unanswerable = profileProblems(resolved);
  if (unanswerable.length > 0) throw badConfig(unanswerable, merged.origins);
  return { plugins, metadata: { ...merged.metadata, labels }, spec: resolved, benchmarks: merged.benchmarks };
}

function resolvePart(part: ConfigPart, given: unknown, problems: string[]): unknown {
  const value = given ?? part.fallback;
  if (value === undefined || (part.repeat && part.fallback === undefined && (value as unknown[]).length === 0)) {
    problems.push(`${part.field}: is required; give ${exampleOf(part)}`);
    return null;
  }
  if (!part.repeat) return parseOne(part, value, part.field, problems);
  if (!Array.isArray(value)) {
    problems.push(`${part.field}: must be a list`);
    return null;
  }
  return value.map((entry, at) => parseOne(part, entry, `${part.field}[${at}]`, problems));
}

function parseOne(part: ConfigPart, value: unknown, at: string, problems: string[]): unknown {
  if (!isMapping(value)) {
    problems.push(`${at}: must be a mapping with a kind, got ${show(value)}`);
    return null;
  }
  try {
    return part.registry.parseArgs(value, at);
  } catch (error) {
    if (!CoreError.isInstance(error)) throw error;
    const lines = error.message.split("\n");
    problems.push(...lines, ...(error.hint === undefined ? [] : [`  ${error.hint}`]));
    const missing = lines.find((line) => line.endsWith(IS_REQUIRED))?.slice(at.length + 1, -IS_REQUIRED.length);
    if (missing !== undefined)
      problems.push(`  For example: ${exampleOf(part, `kind=${String(value["kind"])},${missing}=...`)}`);
    return null;
  }
}

const IS_REQUIRED = ": is required";

const EXAMPLES: Readonly<Record<string, string>> = {
  "--backend": "kind=openai_http,target=http://localhost:8000",
  "--data": "kind=synthetic_text,prompt_tokens=256,output_tokens=128",
};

function exampleOf({ registry }: ConfigPart, otherwise = "kind=..."): string {
  const { option } = registry.family;
  return `${option} ${EXAMPLES[option] ?? otherwise}`;
}

function readLabels(metadata: Mapping, problems: string[]): Readonly<Record<string, string>> {
  const labels = metadata["labels"] ?? {};
  if (isMapping(labels) && Object.values(labels).every((value) => typeof value === "string")) {
    return labels as Readonly<Record<string, string>>;
  }
  problems.push("metadata.labels: must be a mapping of names to text");
  return {};
}

function badConfig(problems: readonly string[], origins: ReadonlyMap<string, string>): CliError {
  const lines = problems.map((line) => {
    if (line.startsWith("  ")) return line;
    const origin = originOf(line.slice(0, line.indexOf(":")), origins);
    // Nothing that is missing comes from the defaults: the user did not name the part at all.
    const isMissing = origin === DEFAULTS_ORIGIN && line.endsWith(IS_REQUIRED);
    return origin === null || isMissing ? line : `${line} (from ${origin})`;
  });
  return new CliError(lines.join("\n"), { code: "CORE_CLI_BAD_CONFIG" });
}

/** Origin of a path, or of the nearest place above it. */
function originOf(path: string, origins: ReadonlyMap<string, string>): string | null {
  for (let current = path; current !== ""; current = current.replace(/(^|\.)[^.[]*$|\[\d+\]$/, "")) {
    const origin = origins.get(current);
    if (origin !== undefined) return origin;
  }
  return null;
}

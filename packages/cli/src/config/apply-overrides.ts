import { nearestName } from "@core/registry";
import { assignAt, type FieldPath, parseFieldPath, writeFieldPath } from "../grammar/field-path.js";
import { CONFIG_PARTS, fieldOfOption } from "./config-parts.js";
import type { Mapping } from "./config-source.js";
import { SETTING_NAMES } from "./spec-settings.js";

/** Imported by name it would bring all that its module has to offer: 4 ms of each run. */
const { isDeepStrictEqual } = process.getBuiltinModule("node:util");

/** The spec with overrides worked in, or one line per problem. */
export type OverriddenSpec = { readonly spec: Mapping } | { readonly problems: readonly string[] };

/** Values that may differ from one benchmark to the next. */
const PER_BENCHMARK = [/^profile\.(rate|streams)$/, /^constraints\[\d+\]\.(seconds|count|rate)$/];

/**
 * Works the overrides of sub-benchmarks into one spec: a value that differs becomes a list with one value for each
 * benchmark. A sub-benchmark that leaves a path out keeps the value of the spec.
 */
export function applyOverrides(spec: Mapping, benchmarks: readonly (Mapping | null)[]): OverriddenSpec {
  const problems: string[] = [];
  const result = structuredClone(spec) as Record<string, unknown>;
  const byPath = collectPaths(benchmarks, problems);
  for (const [name, path] of byPath) {
    const values = benchmarks.map((overrides) => overriddenValue(overrides, name, valueAt(spec, path)));
    if (values.some((value) => value === undefined)) {
      problems.push(`benchmarks: ${name} is missing in some of them and has no value in spec`);
      continue;
    }
    const same = values.every((value) => isDeepStrictEqual(value, values[0]));
    if (!same && !PER_BENCHMARK.some((pattern) => pattern.test(name))) {
      problems.push(`benchmarks: ${name} must be the same in all; only rate, streams and limits may differ`);
      continue;
    }
    const refused = assignAt(result, path, same ? values[0] : values.flat(), "overwrite");
    if (refused !== null) problems.push(`benchmarks: ${refused}`);
  }
  return problems.length > 0 ? { problems } : { spec: result };
}

function collectPaths(benchmarks: readonly (Mapping | null)[], problems: string[]): Map<string, FieldPath> {
  const paths = new Map<string, FieldPath>();
  for (const text of benchmarks.flatMap((overrides) => Object.keys(overrides ?? {}))) {
    const path = normalPath(text);
    if ("problem" in path) problems.push(`benchmarks: ${text}: ${path.problem}`);
    else paths.set(writeFieldPath(path), path);
  }
  return paths;
}

/** `constraint[0].seconds` and `constraints[0].seconds` are the same. */
function normalPath(text: string): FieldPath | { readonly problem: string } {
  const path = parseFieldPath(text);
  if ("problem" in path) return path;
  const first = String(path[0]).replaceAll("_", "-");
  const isOption = CONFIG_PARTS.some(({ registry }) => registry.family.option === `--${first}`);
  const field = isOption ? fieldOfOption(`--${first}`) : String(path[0]);
  const known = [...CONFIG_PARTS.map((part) => part.field), ...SETTING_NAMES];
  if (known.includes(field)) return [field, ...path.slice(1)];
  const near = nearestName(field, known);
  return {
    problem: `spec has no ${field}${near === null ? "" : ` (did you mean "${near}"?)`}; it has ${known.join(", ")}`,
  };
}

function overriddenValue(overrides: Mapping | null, name: string, fallback: unknown): unknown {
  for (const [text, value] of Object.entries(overrides ?? {})) {
    const path = normalPath(text);
    if (!("problem" in path) && writeFieldPath(path) === name) return value;
  }
  return fallback;
}

function valueAt(root: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === "object" && value !== null ? (value as Mapping)[step] : undefined),
    root,
  );
}

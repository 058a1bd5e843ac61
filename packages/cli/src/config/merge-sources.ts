import { isMapping } from "@core/registry";
import { CONFIG_PARTS } from "./config-parts.js";
import type { ConfigSource, Mapping } from "./config-source.js";

/** Everything that was given, in one mapping, with where each value came from. */
export interface MergedConfig {
  readonly metadata: Mapping;
  readonly spec: Mapping;
  readonly benchmarks: readonly (Mapping | null)[];
  /** Origin by path, for example `backend.target`. */
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Lays sources over each other, the later one winning: mappings key by key, lists as a whole. Where a later source names
 * another kind, the fields of the earlier kind are dropped, and overrides of the profile with them.
 */
export function mergeSources(sources: readonly ConfigSource[]): MergedConfig {
  const origins = new Map<string, string>();
  let metadata: Mapping = {};
  let spec: Mapping = {};
  let benchmarks: readonly (Mapping | null)[] = [null];
  for (const source of sources) {
    const before = kindOf("profile", spec["profile"]);
    metadata = lay(metadata, source.metadata, {
      path: "metadata",
      origin: source.origin,
      origins: new Map(),
    }) as Mapping;
    spec = lay(spec, source.spec, { path: "", origin: source.origin, origins }) as Mapping;
    const after = kindOf("profile", spec["profile"]);
    if (before !== null && after !== before) benchmarks = withoutProfile(benchmarks);
    if (source.benchmarks !== null && source.benchmarks.length > 0) benchmarks = source.benchmarks;
  }
  return { metadata, spec, benchmarks, origins };
}

interface Place {
  readonly path: string;
  readonly origin: string;
  readonly origins: Map<string, string>;
}

function lay(under: unknown, over: unknown, place: Place): unknown {
  if (!isMapping(over) || !isMapping(under) || changesKind(under, over, place.path)) {
    record(over, place);
    return over;
  }
  const result: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const path = place.path === "" ? key : `${place.path}.${key}`;
    result[key] = lay(Object.hasOwn(under, key) ? under[key] : undefined, value, { ...place, path });
  }
  return result;
}

function record(value: unknown, place: Place): void {
  place.origins.set(place.path, place.origin);
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) record(item, { ...place, path: `${place.path}[${at}]` });
  } else if (isMapping(value)) {
    for (const [key, item] of Object.entries(value)) {
      record(item, { ...place, path: place.path === "" ? key : `${place.path}.${key}` });
    }
  }
}

function changesKind(under: Mapping, over: Mapping, path: string): boolean {
  if (over["kind"] === undefined || under["kind"] === undefined) return false;
  return kindOf(path, over) !== kindOf(path, under);
}

/** Kind as registered, so that an alias is no other kind. */
function kindOf(field: string, value: unknown): string | null {
  const kind = isMapping(value) ? value["kind"] : undefined;
  if (typeof kind !== "string") return null;
  const registry = CONFIG_PARTS.find((part) => part.field === field)?.registry;
  return registry?.find(kind)?.kind ?? kind.toLowerCase();
}

function withoutProfile(benchmarks: readonly (Mapping | null)[]): readonly (Mapping | null)[] {
  const kept = benchmarks.map((overrides) => {
    const entries = Object.entries(overrides ?? {}).filter(([path]) => !path.startsWith("profile."));
    return entries.length === 0 ? null : Object.fromEntries(entries);
  });
  return kept.some((overrides) => overrides !== null) ? kept : [null];
}

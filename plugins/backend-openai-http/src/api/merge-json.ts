import { isMapping } from "@core/backend";
import type { JsonObject } from "./json-object.js";

/** `base` with `overlay` laid over it: mappings are merged key by key, any other value (lists, null) replaces. */
export function mergeJson(base: JsonObject, overlay: JsonObject): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(overlay)) {
    const existing = merged[key];
    merged[key] = isMapping(existing) && isMapping(value) ? mergeJson(existing, value) : value;
  }
  return merged;
}

/**
 * The same without the keys whose value is null, at any depth of mappings; lists are left as they are. Perf: it is only
 * copied when there are such keys.
 */
export function withoutNulls(value: JsonObject): JsonObject {
  return isWhole(value) ? value : copyWithoutNulls(value);
}

function isWhole(value: JsonObject): boolean {
  return Object.values(value).every(
    (entry) => entry !== null && entry !== undefined && (!isMapping(entry) || isWhole(entry)),
  );
}

function copyWithoutNulls(value: JsonObject): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry === null || entry === undefined) continue;
    kept[key] = isMapping(entry) ? withoutNulls(entry) : entry;
  }
  return kept;
}

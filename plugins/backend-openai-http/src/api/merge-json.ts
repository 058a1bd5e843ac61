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

/** Copy without the keys whose value is null, at any depth of mappings; lists are left as they are. */
export function withoutNulls(value: JsonObject): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry === null || entry === undefined) continue;
    kept[key] = isMapping(entry) ? withoutNulls(entry) : entry;
  }
  return kept;
}

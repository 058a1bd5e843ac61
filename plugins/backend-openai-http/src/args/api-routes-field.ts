import { defineField, type Field, isMapping, type Reading } from "@core/backend";
import { DEFAULT_ROUTES, type RouteKey } from "./request-formats.js";

/** Replacements for single routes. */
export type ApiRoutes = Readonly<Partial<Record<RouteKey, string>>>;

/** Mapping of known route keys to paths relative to the target, or to absolute URLs. */
export function apiRoutesField(description: string): Field<ApiRoutes> {
  const properties = Object.fromEntries(Object.keys(DEFAULT_ROUTES).map((key) => [key, { type: "string" }]));
  const metadata = {
    typeText: "mapping of routes to paths",
    jsonSchema: { type: "object", properties, additionalProperties: false },
  };
  return defineField<ApiRoutes>(description, metadata, readRoutes);
}

function readRoutes(input: unknown): Reading<ApiRoutes> {
  if (!isMapping(input)) return { problem: "must be a mapping" };
  for (const [key, route] of Object.entries(input)) {
    if (!Object.hasOwn(DEFAULT_ROUTES, key)) {
      return { problem: `has the unknown route "${key}"; known: ${Object.keys(DEFAULT_ROUTES).join(", ")}` };
    }
    if (typeof route !== "string" || route.trim() === "") return { problem: `needs a path or URL for "${key}"` };
    if (/^https?:/i.test(route) && !URL.canParse(route)) return { problem: `has an invalid URL for "${key}"` };
  }
  return { value: input as ApiRoutes };
}

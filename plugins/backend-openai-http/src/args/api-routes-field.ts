import { defineField, type Field, isMapping, type Reading } from "@core/backend";
import { requestFormats } from "../api/formats.js";

/** Replacements for single routes, by the paths of the usual ones. */
export type ApiRoutes = Readonly<Record<string, string>>;

/** Mapping of known route keys to paths relative to the target, or to absolute URLs. */
export function apiRoutesField(description: string): Field<ApiRoutes> {
  const metadata = {
    typeText: "mapping of routes to paths",
    get jsonSchema() {
      const properties = Object.fromEntries(routeKeys().map((key) => [key, { type: "string" }]));
      return { type: "object", properties, additionalProperties: false };
    },
  };
  return defineField<ApiRoutes>(description, metadata, readRoutes);
}

function readRoutes(input: unknown): Reading<ApiRoutes> {
  if (!isMapping(input)) return { problem: "must be a mapping" };
  for (const [key, route] of Object.entries(input)) {
    if (!routeKeys().includes(key)) {
      return { problem: `has the unknown route "${key}"; known: ${routeKeys().join(", ")}` };
    }
    if (typeof route !== "string" || route.trim() === "") return { problem: `needs a path or URL for "${key}"` };
    if (/^https?:/i.test(route) && !URL.canParse(route)) return { problem: `has an invalid URL for "${key}"` };
  }
  return { value: input as ApiRoutes };
}

/** Paths that the client asks for. */
function routeKeys(): readonly string[] {
  return ["/health", "/v1/models", ...requestFormats.names()];
}

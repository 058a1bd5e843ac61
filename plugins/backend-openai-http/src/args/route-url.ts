import type { ApiRoutes } from "./api-routes-field.js";
import { normalizeTarget } from "./target-field.js";

/** Where a route is found: the parts of its URL, query parameters included. */
export interface RouteUrlInput {
  readonly target: string;
  readonly api_routes: ApiRoutes;
  readonly params: Readonly<Record<string, unknown>> | null;
}

/**
 * Full URL of a route, named after its usual path; slashes between the parts are made to fit, absolute routes replace the
 * target.
 */
export function routeUrl(key: string, input: RouteUrlInput): URL {
  const route = input.api_routes[key] ?? key;
  const isAbsolute = /^https?:\/\//i.test(route);
  const base = normalizeTarget(input.target).replace(/\/+$/, "");
  const url = new URL(isAbsolute ? route : `${base}/${route.replace(/^\/+/, "")}`);
  for (const [name, value] of Object.entries(input.params ?? {})) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== null && item !== undefined) url.searchParams.append(name, String(item));
    }
  }
  return url;
}

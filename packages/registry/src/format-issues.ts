import type * as v from "valibot";
import { show } from "./field.js";
import { isCredentialHeader } from "./mask-headers.js";
import { nearestName } from "./nearest-name.js";
import { findContainer } from "./schema-shape.js";
import { SECRET_MASK } from "./secret.js";

/** All issues as `path: message` lines; unknown and missing keys in words, with the nearest known key. */
export function formatIssues(issues: readonly v.BaseIssue<unknown>[], schema: unknown, at: string): string {
  return issues.map((issue) => `${pathOf(issue, at)}: ${messageOf(issue, schema)}`).join("\n");
}

function pathOf(issue: v.BaseIssue<unknown>, at: string): string {
  let path = at;
  for (const item of issue.path ?? []) path += typeof item.key === "number" ? `[${item.key}]` : `.${String(item.key)}`;
  return path;
}

function messageOf(issue: v.BaseIssue<unknown>, schema: unknown): string {
  const last = issue.path?.at(-1);
  if (issue.type === "strict_object" && issue.expected === "never" && last !== undefined) {
    const known = keysAt(schema, issue.path?.slice(0, -1) ?? []).filter((key) => key !== "kind");
    const near = nearestName(String(last.key), known);
    return `unknown key${near === null ? "" : ` (did you mean "${near}"?)`}; allowed: ${known.join(", ") || "none"}`;
  }
  if (issue.type === "strict_object" && last !== undefined && issue.received === "undefined") return "is required";
  const shown = isCredentialHeader(String(last?.key)) ? SECRET_MASK : show(issue.input);
  if (issue.message.startsWith("Invalid ")) return `must be ${issue.expected ?? "something else"}, got ${shown}`;
  return issue.message;
}

/** Keys of the object schema reached by a path. */
function keysAt(schema: unknown, path: readonly { readonly key: unknown }[]): string[] {
  let current = findContainer(schema);
  for (const item of path) {
    current = findContainer(typeof item.key === "number" ? current?.item : current?.entries?.[String(item.key)]);
  }
  return Object.keys(current?.entries ?? {});
}

import { isMapping } from "@core/backend";
import type { JsonObject } from "./json-object.js";

/** Longest message taken from a server, in characters. */
const LONGEST = 1024;

/**
 * Message of an error object in a payload, null when there is none: `{"error": {...}}`, `{"error": "text"}` or
 * `{"object": "error", "message": ...}`. Null and empty errors are none.
 */
export function errorMessageOf(payload: JsonObject): string | null {
  const error = payload["object"] === "error" ? payload : payload["error"];
  if (typeof error === "string") return error === "" ? null : error.slice(0, LONGEST);
  if (!isMapping(error) || Object.keys(error).length === 0) return null;
  const parts = [error["type"], error["code"]].filter((part) => typeof part === "string" || typeof part === "number");
  const message =
    typeof error["message"] === "string" && error["message"] !== "" ? error["message"].slice(0, LONGEST) : null;
  if (message === null) return parts.length > 0 ? parts.join(" ") : JSON.stringify(error).slice(0, 500);
  return parts.length > 0 ? `${message} (${parts.join(" ")})` : message;
}

import { isMapping } from "@core/backend";
import { isWritable, type JsonObject } from "./json-object.js";

/**
 * Message of an error object in a payload, null when there is none: `{"error": {...}}`, `{"error": "text"}` or
 * `{"object": "error", "message": ...}`. Null and empty errors are none. Of any length: to be shortened once secrets are
 * masked in it.
 */
export function errorMessageOf(payload: JsonObject): string | null {
  const error = payload["object"] === "error" ? payload : payload["error"];
  if (typeof error === "string") return error === "" ? null : error;
  if (!isMapping(error) || Object.keys(error).length === 0) return null;
  const parts = [error["type"], error["code"]].filter((part) => typeof part === "string" || typeof part === "number");
  const message = typeof error["message"] === "string" && error["message"] !== "" ? error["message"] : null;
  if (message === null && parts.length === 0)
    return isWritable(error) ? JSON.stringify(error) : "an object that is nested too deeply to be shown";
  const kind = parts.join(" ");
  if (message === null) return kind;
  return kind === "" ? message : `${message} (${kind})`;
}

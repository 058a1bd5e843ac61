import { isMapping } from "@core/backend";
import { isWritable, type JsonObject } from "./json-object.js";

/**
 * Message of an error object in a payload, null when there is none: `{"error": {...}}`, `{"error": "text"}`,
 * `{"object": "error", "message": ...}`, and in the responses API `{"type": "error", "message": ...}` or a response that
 * failed. Null and empty errors are none. Of any length: to be shortened once secrets are masked in it.
 */
export function errorMessageOf(payload: JsonObject): string | null {
  const error = errorIn(payload);
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

function errorIn(payload: JsonObject): unknown {
  const { type, error, object, status } = payload;
  if (object === "error") return payload;
  if (type === "error") return error ?? withoutType(payload);
  const failed = type === "response.failed" ? payload["response"] : object === "response" ? payload : null;
  if (!isMapping(failed) || (failed === payload && status !== "failed")) return error;
  return failed["error"] ?? "the response failed, without a reason";
}

/** The type says no more than that it is an error. */
function withoutType({ type: _type, ...payload }: JsonObject): JsonObject {
  return payload;
}

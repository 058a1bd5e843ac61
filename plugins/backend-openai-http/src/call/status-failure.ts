import type { RequestFailure } from "@core/backend";
import { parseJsonObject } from "../api/json-object.js";
import { refusedFields } from "../api/server-dialect.js";
import { errorMessageOf } from "../api/server-error.js";
import type { OpenAIHttpErrorCode } from "../errors.js";
import type { ResponseHead } from "../transport/transport.js";

/** Failure for a response whose status is not 2xx. */
export function statusFailure(head: ResponseHead, body: string): RequestFailure {
  const payload = parseJsonObject(body);
  const said = payload === null ? null : (errorMessageOf(payload) ?? detailOf(payload["detail"]));
  const message = `The server answered with status ${head.status}${said === null ? "" : `: ${said}`}`;
  const advice = head.status === 400 || head.status === 422 ? dialectAdvice(body) : "";
  return {
    code: codeOf(head.status),
    message: `${message}${advice}`,
    phase: "body",
    status: head.status,
    ...(body === "" ? {} : { body }),
    ...(Number.isNaN(head.retryAfterSeconds) ? {} : { retryAfterSeconds: head.retryAfterSeconds }),
  };
}

/** What to set when the server refuses a field that only some servers know. */
function dialectAdvice(body: string): string {
  const [field] = refusedFields(body);
  if (field === undefined) return "";
  return ` (set server=openai for a strict server, or leave the field out with extras.body.${PATHS[field] ?? field}=null)`;
}

const PATHS: Readonly<Record<string, string>> = { continuous_usage_stats: "stream_options.continuous_usage_stats" };

function codeOf(status: number): OpenAIHttpErrorCode {
  if (status === 401 || status === 403) return "OPENAI_HTTP_UNAUTHORIZED";
  if (status === 404) return "OPENAI_HTTP_NOT_FOUND";
  if (status === 429) return "OPENAI_HTTP_RATE_LIMITED";
  if (status >= 500) return "OPENAI_HTTP_SERVER_ERROR";
  if (status >= 400) return "OPENAI_HTTP_CLIENT_ERROR";
  return "OPENAI_HTTP_UNEXPECTED_STATUS";
}

/** FastAPI's own errors have `detail` in place of `error`. */
function detailOf(detail: unknown): string | null {
  return typeof detail === "string" ? detail : null;
}

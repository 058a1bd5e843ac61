import type { RequestFailure } from "@core/backend";
import { parseJsonObject } from "../api/json-object.js";
import { errorMessageOf } from "../api/server-error.js";
import type { OpenAIHttpErrorCode } from "../errors.js";
import type { ResponseHead } from "../transport/transport.js";

/** Failure for a response whose status is not 2xx. */
export function statusFailure(head: ResponseHead, body: string): RequestFailure {
  const payload = parseJsonObject(body);
  const said = payload === null ? null : (errorMessageOf(payload) ?? detailOf(payload["detail"]));
  const message = `The server answered with status ${head.status}${said === null ? "" : `: ${said}`}`;
  return {
    code: codeOf(head.status),
    message,
    phase: "body",
    status: head.status,
    ...(body === "" ? {} : { body }),
    ...(Number.isNaN(head.retryAfterSeconds) ? {} : { retryAfterSeconds: head.retryAfterSeconds }),
  };
}

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

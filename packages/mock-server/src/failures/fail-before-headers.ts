import type { ServerResponse } from "node:http";
import type { RequestRecord } from "../request-record.js";
import { RequestRefusal } from "../request-refusal.js";
import { breakConnection } from "./break-connection.js";
import type { Failure } from "./failure.js";

const PAGE = "<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>";
const DEFAULT_STATUS = 500;
const DEFAULT_REDIRECT = 307;

/**
 * Does what happens before the headers, if something does.
 *
 * @returns Nanoseconds to wait before the reply goes on; null when there is none.
 * @throws {RequestRefusal} With the status that is asked for.
 */
export function failBeforeHeaders(
  failure: Failure | null,
  record: RequestRecord,
  response: ServerResponse,
): number | null {
  if (failure?.at !== "headers") return 0;
  if (failure.do === "stall") return failure.stall_ms === null ? null : failure.stall_ms * 1e6;
  const isBreak = failure.do === "reset" || failure.do === "cut";
  record.end(isBreak ? "cut" : "error", "error");
  if (failure.do === "reset" || failure.do === "cut") breakConnection(response, failure.do);
  else if (failure.do === "html") response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
  else if (failure.do === "redirect") {
    const location = response.req.url ?? "/";
    response.writeHead(failure.status ?? DEFAULT_REDIRECT, { location, "content-length": 0 }).end();
  } else {
    throw new RequestRefusal(failure.status ?? DEFAULT_STATUS, "An error was injected.", {
      ...{ type: "server_error", code: "injected_error" },
      headers: failure.retry_after === null ? {} : { "retry-after": String(failure.retry_after) },
    });
  }
  return null;
}

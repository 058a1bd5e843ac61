import { type Backend, createClock, type RequestFailure, RequestTimings, UNKNOWN_USAGE } from "@core/backend";
import { refusedFields } from "../api/server-dialect.js";
import type { TrialRequest } from "../api/wire-format.js";
import type { OpenAIHttpErrorCode } from "../errors.js";

/** Longest wait for the answer: a server may load its model for the first request. */
const LONGEST_WAIT_MS = 60_000;

/** Sends one tiny request like those of the load; null when it was answered. */
export async function tryRequest(
  backend: Pick<Backend, "prepare" | "resolve">,
  { columns, outputTokens }: TrialRequest,
): Promise<RequestFailure | null> {
  const outputMetrics = { ...UNKNOWN_USAGE, text_tokens: outputTokens };
  const request = {
    requestId: "trial",
    columns,
    turnType: "standard",
    inputMetrics: UNKNOWN_USAGE,
    outputMetrics,
  } as const;
  const context = {
    signal: AbortSignal.timeout(LONGEST_WAIT_MS),
    timings: new RequestTimings(),
    clock: createClock(process.hrtime.bigint()),
    keepText: false,
  };
  let failure: RequestFailure | null = null;
  for await (const event of backend.resolve(backend.prepare(request, null), context)) {
    if (event.type === "partial") failure = event.failure;
  }
  return failure;
}

const ADVICE: Partial<Record<OpenAIHttpErrorCode, string>> = {
  OPENAI_HTTP_UNAUTHORIZED: "Give a key with api_key, or a header with extras.headers.",
  OPENAI_HTTP_NOT_FOUND: "Choose a request_format that the server has, or set its path with api_routes.",
  OPENAI_HTTP_RATE_LIMITED: "The server takes no more requests now: try later, or with another key.",
  OPENAI_HTTP_SERVER_ERROR: "Look into the log of the server.",
  OPENAI_HTTP_UNEXPECTED_STATUS: "Give the URL behind the redirect as target, or set follow_redirects=true.",
  OPENAI_HTTP_MALFORMED: "Check that target and request_format lead to a server that speaks this API.",
  OPENAI_HTTP_TRUNCATED: "Try stream=false, or look for a proxy that cuts streams.",
  OPENAI_HTTP_UNUSABLE: "Ask the server for the same by hand: it answers and says nothing.",
};

/** What to change after a failed trial. */
export function adviceForFailure({ code, message, body = "" }: RequestFailure): string {
  const [field] = refusedFields(`${message} ${body}`);
  if (code === "OPENAI_HTTP_CLIENT_ERROR" && field === undefined) return "Look at what the server says, and at extras.";
  return ADVICE[code as OpenAIHttpErrorCode] ?? "";
}

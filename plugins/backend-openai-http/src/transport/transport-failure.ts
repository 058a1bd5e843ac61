import type { FailurePhase } from "@core/backend";
import type { OpenAIHttpErrorCode } from "../errors.js";

/** Why an exchange failed below HTTP. */
export interface TransportFailure {
  readonly code: OpenAIHttpErrorCode;
  readonly message: string;
  readonly phase: FailurePhase;
}

/** How far an exchange had come. */
export interface ExchangeProgress {
  readonly sent: boolean;
  readonly headReceived: boolean;
  /** Phase while the body is read. */
  readonly bodyPhase: "stream" | "body";
}

const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|EPROTO)/;
/** Told of attempts to connect alone, which a redirect begins after the request was sent. */
const CONNECT_CODES = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
const LOST_CODES = new Set([
  "UND_ERR_SOCKET",
  "ECONNRESET",
  "EPIPE",
  "ECONNABORTED",
  "UND_ERR_INFO",
  "UND_ERR_DESTROYED",
]);

/** Classifies an error of the HTTP client by its code and by how far the exchange had come. */
export function toTransportFailure(error: unknown, progress: ExchangeProgress): TransportFailure {
  const code = errorCodeOf(error);
  const message = messageOf(error);
  const isConnecting = !progress.sent || CONNECT_CODES.has(code);
  const phase = isConnecting ? "connect" : progress.headReceived ? progress.bodyPhase : "first_byte";
  return { code: classify(code, phase), phase, message: code === "" ? message : `${message} (${code})` };
}

function classify(code: string, phase: FailurePhase): OpenAIHttpErrorCode {
  if (code === "UND_ERR_CONNECT_TIMEOUT" || code === "CONNECT_TIMEOUT") return "OPENAI_HTTP_CONNECT_TIMEOUT";
  if (code === "UND_ERR_HEADERS_TIMEOUT") return "OPENAI_HTTP_FIRST_BYTE_TIMEOUT";
  if (code === "UND_ERR_BODY_TIMEOUT") return "OPENAI_HTTP_READ_TIMEOUT";
  // a redirect in a circle, or to what is no URL of HTTP
  if (code === "UND_ERR_INVALID_ARG" && phase !== "connect") return "OPENAI_HTTP_UNEXPECTED_STATUS";
  if (code === "ERR_INVALID_URL") return "OPENAI_HTTP_UNEXPECTED_STATUS";
  if (code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_NOT_SUPPORTED") return "OPENAI_HTTP_SEND_FAILED";
  if (TLS_CODE.test(code)) return "OPENAI_HTTP_TLS_FAILED";
  if (phase === "connect") return code === "ETIMEDOUT" ? "OPENAI_HTTP_CONNECT_TIMEOUT" : "OPENAI_HTTP_CONNECT_FAILED";
  if (code === "HTTP_PARSER") return "OPENAI_HTTP_PROTOCOL_ERROR";
  if (LOST_CODES.has(code) || code.startsWith("ERR_HTTP2") || code.startsWith("E"))
    return "OPENAI_HTTP_CONNECTION_LOST";
  // while the head is read it stands for whatever is wrong in a head that tells a length
  if (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH" && phase !== "first_byte") return "OPENAI_HTTP_CONNECTION_LOST";
  if (code.startsWith("UND_ERR_")) return "OPENAI_HTTP_PROTOCOL_ERROR";
  return "OPENAI_HTTP_CONNECTION_LOST";
}

/**
 * Code of an error; `HTTP_PARSER` for all that undici throws at bytes which are no response that it can use. Its own
 * codes are missing, or shared with other causes: the messages tell.
 */
export function errorCodeOf(error: unknown): string {
  const { name, code, message } = (error ?? {}) as { name?: unknown; code?: unknown; message?: unknown };
  if (name === "HTTPParserError" && String(message).includes("Invalid EOF state")) return "UND_ERR_SOCKET";
  const isRefused =
    name === "HTTPParserError" ||
    (code === "UND_ERR_SOCKET" && (message === "bad response" || message === "bad upgrade")) || // 100 and 101
    code === "ERR_ASSERTION"; // a status below 100
  if (isRefused) return "HTTP_PARSER";
  return typeof code === "string" ? code : "";
}

/** Message of an error; that of its first part for an AggregateError of several addresses. */
function messageOf(error: unknown): string {
  const given = error as { message?: unknown; errors?: readonly unknown[] } | null;
  const first = given?.errors?.[0] as { message?: unknown } | undefined;
  const text = [given?.message, first?.message].find((message) => typeof message === "string" && message !== "");
  return typeof text === "string" ? text : "unknown error";
}

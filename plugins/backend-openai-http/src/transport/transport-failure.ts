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
  const { code, message } = describe(error);
  const phase = !progress.sent ? "connect" : !progress.headReceived ? "first_byte" : progress.bodyPhase;
  return { code: classify(code, phase), phase, message: code === "" ? message : `${message} (${code})` };
}

function classify(code: string, phase: FailurePhase): OpenAIHttpErrorCode {
  if (code === "UND_ERR_CONNECT_TIMEOUT") return "OPENAI_HTTP_CONNECT_TIMEOUT";
  if (code === "UND_ERR_HEADERS_TIMEOUT") return "OPENAI_HTTP_FIRST_BYTE_TIMEOUT";
  if (code === "UND_ERR_BODY_TIMEOUT") return "OPENAI_HTTP_READ_TIMEOUT";
  if (code === "UND_ERR_INVALID_ARG" && phase !== "connect") return "OPENAI_HTTP_UNEXPECTED_STATUS"; // redirect loop
  if (code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_NOT_SUPPORTED") return "OPENAI_HTTP_SEND_FAILED";
  if (TLS_CODE.test(code)) return "OPENAI_HTTP_TLS_FAILED";
  if (phase === "connect") return code === "ETIMEDOUT" ? "OPENAI_HTTP_CONNECT_TIMEOUT" : "OPENAI_HTTP_CONNECT_FAILED";
  if (code === "HTTP_PARSER") return "OPENAI_HTTP_PROTOCOL_ERROR";
  if (LOST_CODES.has(code) || code.startsWith("ERR_HTTP2") || code.startsWith("E"))
    return "OPENAI_HTTP_CONNECTION_LOST";
  if (code.startsWith("UND_ERR_")) return "OPENAI_HTTP_PROTOCOL_ERROR";
  return "OPENAI_HTTP_CONNECTION_LOST";
}

/** Code and message; an AggregateError of several addresses is described by its first part. */
function describe(error: unknown): { code: string; message: string } {
  const given = error as { name?: unknown; code?: unknown; message?: unknown; errors?: readonly unknown[] } | null;
  const first = given?.errors?.[0] as { message?: unknown } | undefined;
  const text = [given?.message, first?.message].find((message) => typeof message === "string" && message !== "");
  const code = given?.name === "HTTPParserError" ? "HTTP_PARSER" : given?.code; // its own code may be missing
  return {
    code: typeof code === "string" ? code : "",
    message: typeof text === "string" ? text : "unknown error",
  };
}

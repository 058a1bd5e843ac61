/** Codes of failed requests of this backend and what each one means. */
export const OPENAI_HTTP_ERRORS = Object.freeze({
  OPENAI_HTTP_CONNECT_FAILED: "No connection could be opened (refused, unreachable, name not found).",
  OPENAI_HTTP_CONNECT_TIMEOUT: "No connection was ready within `timeout_connect`.",
  OPENAI_HTTP_TLS_FAILED: "The TLS handshake failed, or the certificate was not accepted.",
  OPENAI_HTTP_FIRST_BYTE_TIMEOUT: "No response head arrived within `timeout`.",
  OPENAI_HTTP_READ_TIMEOUT: "The response stopped for longer than `timeout`.",
  OPENAI_HTTP_FIRST_TOKEN_TIMEOUT: "No token came within `timeout_first_token` of the send.",
  OPENAI_HTTP_STALL_TIMEOUT: "No further token came for `timeout_stall`, whatever else the stream held.",
  OPENAI_HTTP_TOTAL_TIMEOUT: "The request did not end within `timeout_total` of the send.",
  OPENAI_HTTP_CONNECTION_LOST: "The connection was closed or reset before the response was complete.",
  OPENAI_HTTP_PROTOCOL_ERROR: "The bytes received are not a valid HTTP response.",
  OPENAI_HTTP_SEND_FAILED: "The client could not send the request.",
  OPENAI_HTTP_UNEXPECTED_STATUS: "The response had a status below 200, or a redirect that was not followed.",
  OPENAI_HTTP_UNAUTHORIZED: "Status 401 or 403.",
  OPENAI_HTTP_NOT_FOUND: "Status 404: unknown path or model.",
  OPENAI_HTTP_RATE_LIMITED: "Status 429.",
  OPENAI_HTTP_CLIENT_ERROR: "Another status of 400 to 499: the server refused the request.",
  OPENAI_HTTP_SERVER_ERROR: "A status of 500 or more: the server failed or is overloaded.",
  OPENAI_HTTP_STREAM_ERROR: "An error object inside a stream that had begun with status 200.",
  OPENAI_HTTP_BODY_ERROR: "An error object as the body of a response with status 200.",
  OPENAI_HTTP_MALFORMED: "The response is not the JSON, or the events of JSON objects, that the format asks for.",
  OPENAI_HTTP_TRUNCATED: "The stream ended without an end marker and without a finish reason.",
  OPENAI_HTTP_UNUSABLE:
    "The response is complete but lacks what was asked for: text, a tool call or tokens; a vector for each input.",
  OPENAI_HTTP_COMPRESSED: "The response is compressed, although nothing was offered.",
  OPENAI_HTTP_TOO_LARGE: "An event or a body is larger than this client accepts.",
  OPENAI_HTTP_TOOL_CALL_MISSING: "A turn that must call a tool was answered without a tool call.",
});

/** A code of {@link OPENAI_HTTP_ERRORS}. */
export type OpenAIHttpErrorCode = keyof typeof OPENAI_HTTP_ERRORS;

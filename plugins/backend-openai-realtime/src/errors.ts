/** Codes of failed requests of this backend and what each one means. */
export const OPENAI_WEBSOCKET_ERRORS = Object.freeze({
  OPENAI_WEBSOCKET_CONNECT_FAILED: "No connection could be opened (refused, unreachable, name not found).",
  OPENAI_WEBSOCKET_CONNECT_TIMEOUT: "No connection was open and greeted within `timeout_connect`.",
  OPENAI_WEBSOCKET_TLS_FAILED: "The TLS handshake failed, or the certificate was not accepted.",
  OPENAI_WEBSOCKET_UNAUTHORIZED: "The handshake was answered with status 401 or 403.",
  OPENAI_WEBSOCKET_HANDSHAKE_REFUSED: "The handshake was answered with another status than 101.",
  OPENAI_WEBSOCKET_NO_GREETING: "The first event of the connection was not `session.created`.",
  OPENAI_WEBSOCKET_READ_TIMEOUT: "No event arrived for longer than `timeout`.",
  OPENAI_WEBSOCKET_CONNECTION_LOST:
    "The connection ended before the transcription was done; close code in the message.",
  OPENAI_WEBSOCKET_PROTOCOL_ERROR: "The bytes received are not valid WebSocket frames.",
  OPENAI_WEBSOCKET_SERVER_ERROR: "The server sent an `error` event.",
  OPENAI_WEBSOCKET_MALFORMED: "A message of the server is not a JSON object.",
  OPENAI_WEBSOCKET_TOO_MANY_EVENTS: "More than 50,000 events arrived that have no meaning here.",
});

/** A code of {@link OPENAI_WEBSOCKET_ERRORS}. */
export type OpenAIWebSocketErrorCode = keyof typeof OPENAI_WEBSOCKET_ERRORS;

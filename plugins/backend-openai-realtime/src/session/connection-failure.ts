import type { OpenAIWebSocketErrorCode } from "../errors.js";

/** Why a connection could not be opened, or ended. */
export interface ConnectionFailure {
  readonly code: OpenAIWebSocketErrorCode;
  readonly message: string;
  /** Status of the answer to the handshake, when it was not 101. */
  readonly status?: number;
  /** Beginning of the body of that answer. */
  readonly body?: string;
}

const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|EPROTO)/;

/** Classifies an error of the socket or of the WebSocket client. */
export function toConnectionFailure(error: unknown, isOpen: boolean): ConnectionFailure {
  const { code = "", message, errors } = error as NodeJS.ErrnoException & { errors?: readonly Error[] };
  const said = message || errors?.[0]?.message || "unknown error"; // several addresses: an AggregateError without a message
  return { code: classify(code, said, isOpen), message: code === "" ? said : `${said} (${code})` };
}

function classify(code: string, message: string, isOpen: boolean): OpenAIWebSocketErrorCode {
  if (code.startsWith("WS_ERR_") || code.startsWith("HPE_") || message.startsWith("Invalid ")) {
    return "OPENAI_WEBSOCKET_PROTOCOL_ERROR"; // a frame, or an answer to the handshake that is none
  }
  if (TLS_CODE.test(code)) return "OPENAI_WEBSOCKET_TLS_FAILED";
  if (isOpen) return "OPENAI_WEBSOCKET_CONNECTION_LOST";
  return code === "ETIMEDOUT" ? "OPENAI_WEBSOCKET_CONNECT_TIMEOUT" : "OPENAI_WEBSOCKET_CONNECT_FAILED";
}

/** Failure for a handshake that was answered with another status than 101. */
export function refusedHandshake(status: number, body: string): ConnectionFailure {
  const code =
    status === 401 || status === 403 ? "OPENAI_WEBSOCKET_UNAUTHORIZED" : "OPENAI_WEBSOCKET_HANDSHAKE_REFUSED";
  const message = `The handshake was answered with status ${status}`;
  return { code, message, status, ...(body === "" ? {} : { body }) };
}

/** Failure for a connection that was closed; codes as in RFC 6455, 1006 when there was no closing frame. */
export function closedConnection(code: number, reason: string): ConnectionFailure {
  const why = reason === "" ? "" : `: ${reason}`;
  return { code: "OPENAI_WEBSOCKET_CONNECTION_LOST", message: `The connection was closed with code ${code}${why}` };
}

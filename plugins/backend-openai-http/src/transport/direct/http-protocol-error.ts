/** Bytes that are no HTTP/1.1 response; the message says what was found. */
export class HttpProtocolError extends Error {
  override name = "HttpProtocolError";
}

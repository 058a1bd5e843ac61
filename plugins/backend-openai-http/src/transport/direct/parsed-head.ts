import { readRetryAfter } from "../retry-after.js";
import type { ResponseHead } from "../transport.js";
import { HttpProtocolError } from "./http-protocol-error.js";

/** Body length of a response in chunks. */
export const CHUNKED = -1;
/** Body length of a response that ends with its connection. */
export const UNTIL_CLOSE = -2;

/** What the client must know of a response head. */
export interface ParsedHead extends ResponseHead {
  /** Value of `location`; empty when not given. */
  readonly location: string;
  /** Bytes of the body, or {@link CHUNKED}, or {@link UNTIL_CLOSE}. */
  readonly bodyLength: number;
  /** Whether the connection may carry another request afterwards. */
  readonly keepAlive: boolean;
  /** Seconds after which the server says it closes an idle connection; NaN when it does not say. */
  readonly idleSeconds: number;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\0\r\n]*)?$/;
/** RFC 9110, section 5.5: visible characters, blanks, and the bytes above ASCII. */
const FIELD_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([\t\x20-\x7e\x80-\xff]*)$/;

/**
 * Reads a head, without the blank line at its end. RFC 9112, strictly: lines end with CRLF, no folded lines, and a
 * length that is told twice is refused, as what follows could be read in two ways.
 *
 * @param text - Bytes of the head as Latin-1.
 * @param hasBody - False for the answer to HEAD.
 * @throws {HttpProtocolError}
 */
export function parseHead(text: string, hasBody: boolean): ParsedHead {
  const [statusLine = "", ...lines] = text.split("\r\n");
  const match = STATUS_LINE.exec(statusLine);
  if (match === null) throw new HttpProtocolError(`the status line is ${JSON.stringify(statusLine.slice(0, 60))}`);
  const status = Number(match[2]);
  const fields = readFields(lines);
  const isPersistent =
    match[1] === "1" ? !fields.connection.includes("close") : fields.connection.includes("keep-alive");
  const bodyLength = hasBody && status >= 200 && status !== 204 && status !== 304 ? lengthOf(fields) : 0;
  return {
    status,
    contentType: fields.contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "",
    contentEncoding: fields.contentEncoding.toLowerCase(),
    retryAfterSeconds: readRetryAfter(fields.retryAfter),
    location: fields.location,
    bodyLength,
    keepAlive: isPersistent && bodyLength !== UNTIL_CLOSE,
    idleSeconds: Number(/(?:^|[,\s])timeout=(\d+)/i.exec(fields.keepAlive)?.[1] ?? Number.NaN),
  };
}

interface Fields {
  contentType: string;
  contentEncoding: string;
  retryAfter: string;
  location: string;
  keepAlive: string;
  /** Lower-case tokens. */
  connection: readonly string[];
  contentLength: string | null;
  /** Lower-case codings in their order; null when the field is missing. */
  transferEncoding: readonly string[] | null;
}

function readFields(lines: readonly string[]): Fields {
  const fields: Fields = {
    contentType: "",
    contentEncoding: "",
    retryAfter: "",
    location: "",
    keepAlive: "",
    connection: [],
    contentLength: null,
    transferEncoding: null,
  };
  for (const line of lines) {
    const match = FIELD_LINE.exec(line);
    if (match === null) throw new HttpProtocolError(`a header line is ${JSON.stringify(line.slice(0, 60))}`);
    setField(fields, (match[1] ?? "").toLowerCase(), (match[2] ?? "").trim());
  }
  return fields;
}

function setField(fields: Fields, name: string, value: string): void {
  if (name === "content-type") fields.contentType ||= value;
  else if (name === "content-encoding") fields.contentEncoding ||= value;
  else if (name === "retry-after") fields.retryAfter ||= value;
  else if (name === "location") fields.location ||= value;
  else if (name === "keep-alive") fields.keepAlive ||= value;
  else if (name === "connection") fields.connection = [...fields.connection, ...tokens(value)];
  else if (name === "transfer-encoding")
    fields.transferEncoding = [...(fields.transferEncoding ?? []), ...tokens(value)];
  else if (name === "content-length") {
    if (fields.contentLength !== null) throw new HttpProtocolError("the content length is given twice");
    fields.contentLength = value;
  }
}

function tokens(value: string): readonly string[] {
  return value.split(",").map((token) => token.trim().toLowerCase());
}

function lengthOf({ contentLength, transferEncoding }: Fields): number {
  if (transferEncoding !== null) {
    if (contentLength !== null) throw new HttpProtocolError("the body has a content length and a transfer coding");
    const other = transferEncoding.find((coding) => coding !== "chunked" && coding !== "identity");
    if (other !== undefined)
      throw new HttpProtocolError(`the transfer coding is ${JSON.stringify(other.slice(0, 40))}`);
    const count = transferEncoding.filter((coding) => coding === "chunked").length;
    if (count > 1 || (count === 1 && transferEncoding.at(-1) !== "chunked"))
      throw new HttpProtocolError("the transfer coding chunked is not the last one");
    return count === 1 ? CHUNKED : UNTIL_CLOSE;
  }
  if (contentLength === null) return UNTIL_CLOSE;
  if (!/^\d{1,15}$/.test(contentLength))
    throw new HttpProtocolError(`the content length is ${JSON.stringify(contentLength.slice(0, 40))}`);
  return Number(contentLength);
}

import type { OutgoingRequest } from "../transport.js";
import { EncodedRequest } from "./encoded-request.js";

/** A header that cannot be sent; the message names it, never its value. */
export class HeaderError extends Error {
  override name = "HeaderError";
}

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 9110, section 5.5: visible characters, blanks, and the bytes above ASCII. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const METHOD = /^[A-Z]+$/;
const TARGET = /^[\x21-\x7e]+$/;
/** Set by the transport, or without meaning for it. */
const OWN = new Set(["content-length", "connection", "keep-alive", "transfer-encoding", "upgrade", "expect", "te"]);

/** What the head of a request says besides the request itself. */
export interface RequestHeadOptions {
  /** Host and port, as in a URL. */
  readonly host: string;
  readonly keepAlive: boolean;
}

interface WrittenHead {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly text: string;
}

/** Turns requests into the bytes of HTTP/1.1. The length of a body is told beforehand: no chunks. */
export class RequestEncoder {
  readonly #options: RequestHeadOptions;
  /** The head of the last request: all requests of a run have the same one, save its length. */
  #written: WrittenHead | null = null;

  constructor(options: RequestHeadOptions) {
    this.#options = options;
  }

  /** Head and body as they go on the wire. @throws {HeaderError} */
  encode(request: OutgoingRequest): EncodedRequest {
    const { method, body } = request;
    const length = Buffer.byteLength(body);
    const hasLength = length > 0 || (method !== "GET" && method !== "HEAD");
    const head = `${this.#head(request)}${hasLength ? `content-length: ${length}\r\n` : ""}\r\n`;
    const bytes = Buffer.allocUnsafeSlow(head.length + length);
    bytes.write(head, 0, "latin1");
    if (typeof body === "string") bytes.write(body, head.length, "utf8");
    else bytes.set(body, head.length);
    return new EncodedRequest(request, bytes, head.length);
  }

  #head({ method, path, headers }: Omit<OutgoingRequest, "body">): string {
    const written = this.#written;
    if (written?.headers === headers && written.path === path && written.method === method) return written.text;
    const text = writeHead({ method, path, headers }, this.#options);
    this.#written = { method, path, headers, text };
    return text;
  }
}

function writeHead(
  { method, path, headers }: Omit<OutgoingRequest, "body">,
  { host, keepAlive }: RequestHeadOptions,
): string {
  if (!METHOD.test(method)) throw new HeaderError("the method is not one of HTTP");
  if (!TARGET.test(path)) throw new HeaderError("the path holds characters that a URL cannot have");
  const lines = [`${method} ${path} HTTP/1.1`];
  if (!headers.some((word, at) => at % 2 === 0 && word.toLowerCase() === "host")) lines.push(`host: ${host}`);
  lines.push(`connection: ${keepAlive ? "keep-alive" : "close"}`);
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? "";
    const value = headers[at + 1] ?? "";
    if (!NAME.test(name)) throw new HeaderError(`the header name ${JSON.stringify(name)} is not valid`);
    if (!VALUE.test(value)) throw new HeaderError(`the value of the header ${name} holds characters that HTTP forbids`);
    if (!OWN.has(name.toLowerCase())) lines.push(`${name}: ${value}`);
    else if (name.toLowerCase() !== "content-length") throw new HeaderError(`the header ${name} belongs to the client`);
  }
  return `${lines.join("\r\n")}\r\n`;
}

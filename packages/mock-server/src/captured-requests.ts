import type { IncomingMessage } from "node:http";
import { maskHeaders } from "@core/registry";

/** One request as it came. */
export interface CapturedRequest {
  /** When its headers had been read, nanoseconds of `process.hrtime`. */
  readonly arrivalNs: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Names in lower case; credentials are masked. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** JSON where it is JSON, text where it is text, else base64 of the bytes; of what has come so far. */
  readonly body: unknown;
}

interface OpenRequest {
  readonly request: Omit<CapturedRequest, "body">;
  readonly pieces: Buffer[];
}

/** The newest requests with their bodies, so that tests can see what a client sends. */
export class CapturedRequests {
  readonly #size: number;
  readonly #requests: OpenRequest[] = [];

  /** @param size - How many are kept; 0: none. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Keeps a request. To be called before somebody waits and then reads its body. */
  watch(request: IncomingMessage, arrivalNs: number): void {
    if (this.#size === 0 || request.url?.startsWith("/captured")) return;
    const { method = "", url = "", headers } = request;
    const open = { request: { arrivalNs, method, url, headers: maskHeaders(headers) }, pieces: [] as Buffer[] };
    request.on("data", (piece: Buffer) => open.pieces.push(piece));
    this.#requests.push(open);
    if (this.#requests.length > this.#size) this.#requests.shift();
  }

  /** All of them, oldest first. */
  list(): readonly CapturedRequest[] {
    return this.#requests.map(({ request, pieces }) => ({ ...request, body: readable(Buffer.concat(pieces)) }));
  }

  reset(): void {
    this.#requests.length = 0;
  }
}

function readable(bytes: Buffer): unknown {
  const text = bytes.toString("utf8");
  if (!Buffer.from(text).equals(bytes)) return bytes.toString("base64");
  try {
    return JSON.parse(text);
  } catch {
    return text; // a form, or nothing
  }
}

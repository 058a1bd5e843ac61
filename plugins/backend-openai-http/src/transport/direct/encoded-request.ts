import type { OutgoingRequest, WireRequest } from "../transport.js";

/** A request in the bytes in which it is written. Perf: its body is a part of them, a view that redirects alone need. */
export class EncodedRequest implements WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly encoded: Buffer;
  readonly #headBytes: number;

  /** @param headBytes - Length of the head at the beginning of `encoded`. */
  constructor({ method, path, headers }: Omit<OutgoingRequest, "body">, encoded: Buffer, headBytes: number) {
    this.method = method;
    this.path = path;
    this.headers = headers;
    this.encoded = encoded;
    this.#headBytes = headBytes;
  }

  get body(): Buffer {
    return this.encoded.subarray(this.#headBytes);
  }
}

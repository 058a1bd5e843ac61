import { Duplex } from "node:stream";

const HEAD_END = "\r\n\r\n";

/** The other end of a connection that exists in memory alone: answers every request with the same bytes. */
export class CannedPeer extends Duplex {
  readonly #response: Buffer;
  #received = "";

  constructor(response: Buffer) {
    super();
    this.#response = response;
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#received += bytes.toString("latin1");
    const headEnd = this.#received.indexOf(HEAD_END);
    const length = Number(/content-length: (\d+)/.exec(this.#received)?.[1] ?? 0);
    if (headEnd >= 0 && this.#received.length >= headEnd + HEAD_END.length + length) {
      this.#received = "";
      setImmediate(() => this.push(this.#response));
    }
    done();
  }
}

/** A response with each event in an HTTP chunk of its own. */
export function cannedStream(events: readonly string[]): Buffer {
  const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  const chunks = events.map((event) => {
    const text = `data: ${event}\n\n`;
    return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
  });
  return Buffer.from(`${head}${chunks.join("")}0\r\n\r\n`);
}

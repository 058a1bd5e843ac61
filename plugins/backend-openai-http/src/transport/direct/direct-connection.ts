import type { Arrivals, Clock } from "@core/backend";
import type { EventLane, ResponseSink } from "../transport.js";
import { HttpResponseParser } from "./http-response-parser.js";
import type { SocketPort, SocketReceiver } from "./open-socket.js";
import type { ParsedHead } from "./parsed-head.js";
import type { ResponsePartHandler } from "./response-part-handler.js";

/** The request that a connection carries. Instants are readings of its clock. */
export interface ConnectionUser {
  readonly clock: Clock;
  /** @returns Who takes the body; null when nobody wants it. */
  head(head: ParsedHead, atNs: number): BodySink | null;
  complete(atNs: number): void;
  /**
   * The connection ended before the response did.
   *
   * @param error - An `HttpProtocolError` when what came was not HTTP.
   * @param answered - Bytes had come back for this request.
   */
  lost(error: Error, answered: boolean, atNs: number): void;
}

/** Receives the body of a response. */
export type BodySink = Pick<ResponseSink, "data" | "lane" | "lastTokenNs">;

/** What a connection tells its pool. */
export interface ConnectionOwner {
  /** It can carry the next request. */
  released(connection: DirectConnection): void;
  /** It is gone; told once. */
  closed(connection: DirectConnection): void;
}

/** One open socket, which carries one request at a time. */
export class DirectConnection implements ResponsePartHandler, SocketReceiver {
  readonly #arrivals: Arrivals;
  #clock: Clock | null = null;
  /** Who takes the body under way; null before its head. */
  #sink: BodySink | null = null;
  readonly #socket: SocketPort;
  readonly #owner: ConnectionOwner;
  readonly #parser = new HttpResponseParser(this);
  #user: ConnectionUser | null = null;
  #sentNs = 0;
  /** The instant of the latest piece that no lane took. */
  #atNs = 0;
  #closed = false;
  /** Reading of `performance.now()` when it became idle. */
  idleSinceMs = performance.now();
  /** How long the server keeps an idle connection, as it said; NaN when it did not. */
  idleSeconds = Number.NaN;
  #answered = false;

  /** @param socket - Connected; its pieces must be handed to {@link received}. */
  constructor(socket: SocketPort, owner: ConnectionOwner, arrivals: Arrivals) {
    this.#arrivals = arrivals;
    this.#socket = socket;
    this.#owner = owner;
    socket.on("end", () => this.#peerClosed());
    socket.on("error", (error) => this.#lost(error));
    socket.on("close", () => this.#lost(new ConnectionClosedError()));
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /**
   * Writes a request at once; what comes back goes to `user`.
   *
   * @param sentNs - Stamp of the sending: no byte of the answer has an earlier one.
   */
  send(bytes: Uint8Array, method: string, user: ConnectionUser, sentNs: number): void {
    this.#user = user;
    this.#clock = user.clock;
    this.#sentNs = sentNs;
    this.#answered = false;
    this.#parser.begin(method);
    this.#socket.write(bytes);
  }

  /** When something of the response under way arrived last; 0 before. */
  get lastNs(): number {
    if (!this.#answered) return 0;
    return Math.max(this.#atNs, this.#sink === null ? 0 : this.#sink.lastTokenNs || 0);
  }

  /** Takes a piece, on the stack of the socket's read. It is stamped before anything looks at the bytes. */
  received(bytes: Buffer, from: number, length: number): EventLane | null {
    if (this.#clock === null) {
      this.destroy(); // bytes that answer nothing
      return null;
    }
    const atNs = this.#arrivals.nowNs(this.#clock);
    try {
      this.#atNs = this.#answered ? atNs : Math.max(atNs, this.#sentNs);
      this.#answered = true;
      this.#parser.push(bytes, length, from);
      return this.#sink !== null && this.#parser.isBetweenChunks ? this.#sink.lane : null;
    } catch (error) {
      this.#lost(error instanceof Error ? error : new Error(String(error)));
      return null;
    }
  }

  onHead(head: ParsedHead): void {
    if (!Number.isNaN(head.idleSeconds)) this.idleSeconds = head.idleSeconds;
    this.#sink = this.#user?.head(head, this.#atNs) ?? null;
  }

  onBody(bytes: Buffer, start: number, end: number): void {
    this.#sink?.data(bytes, start, end, this.#atNs);
  }

  onEnd(reusable: boolean): void {
    const user = this.#user;
    this.#letGo();
    // an answer that came before the request was sent whole (413): the next request would wait behind the rest
    if (reusable && !this.#closed && this.#socket.writableLength === 0) {
      this.idleSinceMs = performance.now();
      this.#owner.released(this);
    } else {
      this.destroy();
    }
    user?.complete(this.#atNs);
  }

  /** Gives the connection up; its user is told nothing. */
  destroy(): void {
    this.#letGo();
    this.#parser.stop();
    this.#socket.destroy();
    this.#close();
  }

  #letGo(): void {
    this.#user = null;
    this.#clock = null;
    this.#sink = null;
  }

  #peerClosed(): void {
    this.#atNs = this.#user?.clock.nowNs() ?? 0;
    if (!this.#parser.close()) this.#lost(new ConnectionClosedError());
  }

  #lost(error: Error): void {
    const user = this.#user;
    this.destroy();
    user?.lost(error, this.#answered, user.clock.nowNs());
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#owner.closed(this);
  }
}

/** The other side closed the connection. */
export class ConnectionClosedError extends Error {
  override name = "ConnectionClosedError";
  readonly code = "ECONNRESET";

  constructor() {
    super("The server closed the connection before the response was complete");
  }
}

import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type buildConnector, Client } from "undici";
import type { TransportStats } from "../transport.js";

/** Streams that one HTTP/2 connection carries at once. */
const STREAMS_PER_HTTP2_CONNECTION = 100;

/** What a {@link PooledConnection} is made of. */
export interface PooledConnectionOptions {
  readonly origin: URL;
  readonly connector: buildConnector.connector;
  readonly clientOptions: Client.Options;
  readonly stats: TransportStats;
}

/** When a connection was opened; readings of `performance.now()` in milliseconds. */
export interface ConnectSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * One connection: an undici client, which carries one request at a time over HTTP/1.1, or several over HTTP/2, and
 * opens its socket again when the server has closed it. The socket can be opened ahead of the first request.
 */
export class PooledConnection {
  readonly client: Client;
  /** Requests under way. */
  active = 0;
  isHttp2 = false;
  readonly #options: PooledConnectionOptions;
  #readySocket: Socket | TLSSocket | null = null;
  #socket: Socket | TLSSocket | null = null;
  #unclaimedConnect: ConnectSpan | null = null;

  constructor(options: PooledConnectionOptions) {
    this.#options = options;
    this.client = new Client(options.origin, { ...options.clientOptions, connect: this.#connect });
  }

  /** Tells whether an HTTP/2 connection can take another request. */
  get hasStreamCapacity(): boolean {
    return this.isHttp2 && this.active < STREAMS_PER_HTTP2_CONNECTION;
  }

  /** Bytes that have come over the present socket. */
  get bytesRead(): number {
    return this.#socket?.bytesRead ?? 0;
  }

  /** Opens the socket now; resolves when it is ready, or to false when that failed. */
  warm(): Promise<boolean> {
    const { origin } = this.#options;
    const address = {
      host: origin.host,
      hostname: origin.hostname.replace(/^\[|\]$/g, ""),
      protocol: origin.protocol,
      port: origin.port,
    };
    return new Promise((resolve) => {
      this.#open(address, (error, socket) => {
        if (error !== null) return resolve(false);
        this.#readySocket = socket;
        socket.once("close", () => {
          if (this.#readySocket === socket) this.#readySocket = null;
        });
        resolve(true);
      });
    });
  }

  /** How the connection was opened, told once: to the request that caused it. Null for a reused or warmed connection. */
  takeConnectSpan(): ConnectSpan | null {
    const span = this.#unclaimedConnect;
    this.#unclaimedConnect = null;
    return span;
  }

  async destroy(): Promise<void> {
    this.#readySocket?.destroy();
    await this.client.destroy();
  }

  #connect = (options: buildConnector.Options, callback: buildConnector.Callback): void => {
    const ready = this.#readySocket;
    this.#readySocket = null;
    if (ready !== null && !ready.destroyed) {
      this.#socket = ready;
      queueMicrotask(() => callback(null, ready)); // the client expects the answer after this call has returned
      return;
    }
    const startMs = performance.now();
    this.#open(options, (error, socket) => {
      if (error !== null) return callback(error, null);
      this.#socket = socket;
      this.#unclaimedConnect = { startMs, endMs: performance.now() };
      callback(null, socket);
    });
  };

  #open(options: buildConnector.Options, callback: buildConnector.Callback): void {
    const { connector, stats } = this.#options;
    connector(options, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      if (error !== null) {
        stats.connectionsFailed += 1;
        return callback(error, null);
      }
      stats.connectionsOpened += 1;
      this.isHttp2 = (socket as TLSSocket).alpnProtocol === "h2";
      stats.protocol = this.isHttp2 ? "h2" : "http/1.1";
      callback(null, socket);
    });
  }
}

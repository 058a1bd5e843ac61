import { buildConnector } from "undici";
import { MAX_HEAD_BYTES } from "../max-head-bytes.js";
import type { TransportOptions, TransportStats } from "../transport.js";
import { PooledConnection, type PooledConnectionOptions } from "./pooled-connection.js";

/**
 * Servers such as uvicorn close idle connections after 5 s without announcing it; ours are given up before.
 */
const IDLE_LIMIT_MS = 4_000;

/**
 * Connections to one origin. HTTP/1.1: the connection used last is reused first, and a new one is opened when none is
 * idle. HTTP/2: requests share connections, up to 100 on each.
 */
export class ConnectionPool {
  readonly #options: PooledConnectionOptions;
  readonly #all = new Set<PooledConnection>();
  readonly #idle: PooledConnection[] = [];

  constructor(options: TransportOptions, stats: TransportStats, connector = connectorOf(options)) {
    this.#options = {
      origin: new URL(options.origin),
      connector,
      stats,
      clientOptions: {
        pipelining: 1,
        maxHeaderSize: MAX_HEAD_BYTES,
        allowH2: options.http2,
        keepAliveTimeout: IDLE_LIMIT_MS,
        headersTimeout: options.readTimeoutMs,
        bodyTimeout: options.readTimeoutMs,
      },
    };
  }

  /** A connection for one request; give it back with {@link release}. */
  acquire(): PooledConnection {
    const connection = this.#idle.pop() ?? this.#shared() ?? this.#create();
    connection.active += 1;
    return connection;
  }

  /** A connection that has never been used, for one request. */
  acquireFresh(): PooledConnection {
    const connection = this.#create();
    connection.active += 1;
    return connection;
  }

  release(connection: PooledConnection): void {
    connection.active -= 1;
    if (connection.active === 0 && !connection.isHttp2) this.#idle.push(connection);
  }

  /** Opens connections until `count` are idle; over HTTP/2 one is enough. */
  async warm(count: number): Promise<void> {
    const missing = count - this.#idle.length;
    if (missing <= 0 || this.#shared() !== undefined) return;
    // the first connection tells the protocol
    if (!(await this.#warmOne()) || this.#shared() !== undefined) return;
    await Promise.all(Array.from({ length: missing - 1 }, () => this.#warmOne()));
  }

  async close(): Promise<void> {
    this.#idle.length = 0;
    await Promise.all([...this.#all].map((connection) => connection.destroy()));
    this.#all.clear();
  }

  #create(): PooledConnection {
    const connection = new PooledConnection(this.#options);
    this.#all.add(connection);
    return connection;
  }

  async #warmOne(): Promise<boolean> {
    const connection = this.#create();
    const opened = await connection.warm();
    if (!connection.isHttp2) this.#idle.push(connection);
    return opened;
  }

  #shared(): PooledConnection | undefined {
    if (this.#options.stats.protocol !== "h2") return undefined;
    for (const connection of this.#all) if (connection.hasStreamCapacity) return connection;
    return undefined;
  }
}

function connectorOf({ http2, connectTimeoutMs, verify }: TransportOptions): buildConnector.connector {
  return buildConnector({ allowH2: http2, timeout: connectTimeoutMs, rejectUnauthorized: verify });
}

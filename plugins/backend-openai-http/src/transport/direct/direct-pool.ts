import type { Arrivals } from "@core/backend";
import type { TransportStats } from "../transport.js";
import { type ConnectionOwner, DirectConnection } from "./direct-connection.js";
import type { SocketOpener, SocketOptions, Sockets } from "./open-socket.js";

/** Servers such as uvicorn close idle connections after 5 s without announcing it; ours are given up before. */
const IDLE_LIMIT_MS = 4_000;
/** A server that does announce it is left this much time for the request to arrive. */
const ANNOUNCED_MARGIN_MS = 1_000;
/** Bytes of the one read buffer: more than a TLS record, and what libuv would read at once. */
const BUFFER_BYTES = 64 * 1024;

/** What a {@link DirectPool} is made of. */
export interface DirectPoolOptions extends Omit<SocketOptions, "buffer">, Sockets {
  readonly keepAlive: boolean;
  readonly stats: TransportStats;
}

/** Receives a connection that was opened for it: exactly one of both. */
export interface ConnectionListener {
  opened(connection: DirectConnection): void;
  failed(error: Error): void;
}

/** Connections to one origin; the one used last is reused first, and a new one is opened when none is idle. */
export class DirectPool implements ConnectionOwner {
  readonly #socketOptions: SocketOptions;
  readonly #keepAlive: boolean;
  readonly #stats: TransportStats;
  readonly #openSocket: SocketOpener;
  readonly #arrivals: Arrivals;
  readonly #all = new Set<DirectConnection>();
  readonly #opening = new Set<() => void>();
  #idle: DirectConnection[] = [];

  constructor(options: DirectPoolOptions) {
    this.#socketOptions = { ...options, buffer: Buffer.allocUnsafeSlow(BUFFER_BYTES) };
    this.#keepAlive = options.keepAlive;
    this.#stats = options.stats;
    this.#openSocket = options.openSocket;
    this.#arrivals = options.arrivals;
  }

  /** An idle connection that is open and not about to be closed by the server; null when there is none. */
  takeIdle(): DirectConnection | null {
    const nowMs = performance.now();
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (connection.isClosed) continue;
      if (nowMs - connection.idleSinceMs < idleLimitMs(connection)) return connection;
      connection.destroy();
    }
    return null;
  }

  /** Opens a connection. @returns A function that gives the attempt up; the listener then hears nothing. */
  open(listener: ConnectionListener): () => void {
    let waiting: ConnectionListener | null = listener; // let go of: the socket would keep its first response for ever
    const settle = (): ConnectionListener | null => {
      const told = waiting;
      waiting = null;
      this.#opening.delete(cancel);
      return told;
    };
    const cancel = this.#openSocket(this.#socketOptions, {
      opened: (socket) => {
        this.#stats.connectionsOpened += 1;
        this.#stats.protocol = "http/1.1";
        const connection = new DirectConnection(socket, this, this.#arrivals);
        this.#all.add(connection);
        settle()?.opened(connection);
        return connection;
      },
      failed: (error) => {
        this.#stats.connectionsFailed += 1;
        settle()?.failed(error);
      },
    });
    this.#opening.add(cancel);
    return () => {
      settle();
      cancel();
    };
  }

  /** Opens connections until `count` are idle; resolves when each attempt has ended. */
  async warm(count: number): Promise<void> {
    this.#idle = this.#idle.filter((connection) => !connection.isClosed);
    const missing = Math.max(0, count - this.#idle.length);
    await Promise.all(Array.from({ length: missing }, () => this.#openIdle()));
  }

  released(connection: DirectConnection): void {
    if (this.#keepAlive) this.#idle.push(connection);
    else connection.destroy();
  }

  closed(connection: DirectConnection): void {
    this.#all.delete(connection);
  }

  /** Destroys all connections; their requests are told nothing. */
  close(): void {
    for (const cancel of [...this.#opening]) cancel();
    this.#opening.clear();
    for (const connection of [...this.#all]) connection.destroy();
    this.#idle = [];
  }

  #openIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.open({
        opened: (connection) => {
          this.#idle.push(connection);
          resolve();
        },
        failed: () => resolve(), // the request that needs it will tell
      });
    });
  }
}

function idleLimitMs({ idleSeconds }: DirectConnection): number {
  if (Number.isNaN(idleSeconds)) return IDLE_LIMIT_MS;
  return Math.min(IDLE_LIMIT_MS, Math.max(0, idleSeconds * 1000 - ANNOUNCED_MARGIN_MS));
}

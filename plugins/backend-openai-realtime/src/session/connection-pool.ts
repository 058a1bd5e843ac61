import { type ConnectionListener, type ConnectionOptions, RealtimeConnection } from "./realtime-connection.js";

/** Connections of one backend: those that are idle, and how new ones are opened. */
export class ConnectionPool {
  readonly #options: ConnectionOptions;
  readonly #keepAlive: boolean;
  readonly #idle: RealtimeConnection[] = [];
  /** All that have not ended. */
  readonly #open = new Set<RealtimeConnection>();
  #isClosed = false;

  constructor(options: ConnectionOptions, keepAlive: boolean) {
    this.#options = options;
    this.#keepAlive = keepAlive;
  }

  /** Whether the backend has stopped: what is broken off then is not tried again. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The idle connection used last, now told to `listener`; null when there is none. */
  takeIdle(listener: ConnectionListener): RealtimeConnection | null {
    let connection = this.#idle.pop();
    while (connection !== undefined && !connection.isReady) connection = this.#idle.pop();
    connection?.listen(listener);
    return connection ?? null;
  }

  /** Begins a new connection. */
  open(listener: ConnectionListener): RealtimeConnection {
    const connection = new RealtimeConnection(this.#options, listener, (ended) => this.#open.delete(ended));
    this.#open.add(connection);
    return connection;
  }

  /** Takes back a connection on which nothing is under way. */
  giveBack(connection: RealtimeConnection): void {
    if (!this.#keepAlive || this.#isClosed) {
      connection.close({ politely: true });
      return;
    }
    connection.listen(null);
    if (connection.isReady) this.#idle.push(connection);
  }

  /** Opens connections until `count` are idle; those that cannot be opened are left to the requests, which report them. */
  async warm(count: number): Promise<void> {
    if (!this.#keepAlive) return;
    const missing = count - this.#idle.filter(({ isReady }) => isReady).length;
    await Promise.all(Array.from({ length: Math.max(0, missing) }, () => this.#openAhead()));
  }

  /** Ends all connections, those of requests under way too. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#idle.splice(0)) connection.close({ politely: true });
    for (const connection of this.#open) connection.breakOff();
  }

  #openAhead(): Promise<void> {
    return new Promise((resolve) => {
      const connection = this.open({
        arrived: () => {},
        message: () => {},
        ready: () => {
          this.giveBack(connection);
          resolve();
        },
        lost: () => resolve(),
      });
    });
  }
}

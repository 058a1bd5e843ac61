import { arrivalClock } from "@core/backend";
import {
  type Exchange,
  type OutgoingRequest,
  type ResponseSink,
  type Transport,
  type TransportOptions,
  type TransportStats,
  type WireRequest,
  withBytes,
} from "../transport.js";
import { createStats } from "../transport-stats.js";
import type { DirectConnection } from "./direct-connection.js";
import { DirectExchange, type ExchangeHost } from "./direct-exchange.js";
import { type ConnectionListener, DirectPool } from "./direct-pool.js";
import { openSocket, type Sockets } from "./open-socket.js";
import type { ParsedHead } from "./parsed-head.js";
import { redirectRequest } from "./redirect-request.js";
import { HeaderError, RequestEncoder } from "./request-encoder.js";

const MAX_REDIRECTS = 20;
/** The limit on silence is looked at this often within its length. */
const CHECKS_PER_LIMIT = 20;

/** Those of the system. */
const SYSTEM_SOCKETS: Sockets = { openSocket, arrivals: arrivalClock };

/** Transport over sockets of our own: HTTP/1.1 over TCP and TLS, one reused read buffer, one write per request. */
export class DirectTransport implements Transport, ExchangeHost {
  readonly stats: TransportStats;
  readonly followRedirects: boolean;
  readonly #options: TransportOptions;
  readonly #origin: URL;
  readonly #pool: DirectPool;
  readonly #encoder: RequestEncoder;
  readonly #active = new Set<DirectExchange>();
  /** Where redirects led. */
  readonly #others = new Map<string, DirectTransport>();
  #silenceCheck: NodeJS.Timeout | null = null;

  constructor(options: TransportOptions, stats: TransportStats = createStats(), sockets: Sockets = SYSTEM_SOCKETS) {
    this.stats = stats;
    this.#options = options;
    this.#origin = new URL(options.origin);
    this.followRedirects = options.followRedirects;
    this.#pool = new DirectPool({ ...options, ...sockets, origin: this.#origin, stats });
    this.#encoder = new RequestEncoder({ host: this.#origin.host, keepAlive: options.keepAlive });
  }

  async warm(connections: number): Promise<void> {
    if (this.#options.keepAlive) await this.#pool.warm(connections);
  }

  ready(request: OutgoingRequest): WireRequest {
    try {
      return this.#encoder.encode(request);
    } catch (error) {
      if (error instanceof HeaderError) return withBytes(request); // told when it is to be sent
      throw error;
    }
  }

  exchange(request: WireRequest, sink: ResponseSink): Exchange {
    return this.#start(request, sink, 0);
  }

  async close(): Promise<void> {
    if (this.#silenceCheck !== null) clearInterval(this.#silenceCheck);
    this.#silenceCheck = null;
    for (const exchange of [...this.#active]) exchange.close();
    this.#pool.close();
    await Promise.all([...this.#others.values()].map((other) => other.close()));
    this.#others.clear();
  }

  takeIdle(): DirectConnection | null {
    return this.#pool.takeIdle();
  }

  open(listener: ConnectionListener): () => void {
    return this.#pool.open(listener);
  }

  encode(request: WireRequest): Buffer {
    return this.#encoder.encode(request).encoded;
  }

  sending(isReused: boolean): void {
    this.stats.requestsSent += 1;
    if (isReused) this.stats.requestsOnReusedConnections += 1;
  }

  retrying(): void {
    this.stats.requestsRetried += 1;
  }

  settled(exchange: DirectExchange): void {
    this.stats.requestsInFlight -= 1;
    this.#active.delete(exchange);
  }

  redirect(head: ParsedHead, exchange: DirectExchange): Exchange | null {
    if (exchange.redirects >= MAX_REDIRECTS || exchange.request === null) return null;
    const next = redirectRequest(exchange.request, this.#origin, head, this.#options.credentialHeaders);
    if (next === null) return null;
    const transport = next.url.origin === this.#origin.origin ? this : this.#other(next.url.origin);
    return transport.#start(next.request, exchange.sink, exchange.redirects + 1);
  }

  #start(request: WireRequest, sink: ResponseSink, redirects: number): DirectExchange {
    const exchange = new DirectExchange(request, sink, this, redirects);
    this.stats.requestsInFlight += 1;
    this.#active.add(exchange);
    this.#watchSilence();
    exchange.start();
    return exchange;
  }

  #other(origin: string): DirectTransport {
    let other = this.#others.get(origin);
    if (other === undefined) {
      other = new DirectTransport({ ...this.#options, origin }, this.stats);
      this.#others.set(origin, other);
    }
    return other;
  }

  /** One timer for all requests: a timer for each would be set anew with every piece. */
  #watchSilence(): void {
    const limitMs = this.#options.readTimeoutMs;
    if (limitMs === 0 || this.#silenceCheck !== null) return;
    const check = (): void => {
      for (const exchange of [...this.#active]) {
        const silentMs = (exchange.clock.nowNs() - exchange.lastNs) / 1e6;
        if (exchange.isWaiting && silentMs >= limitMs) exchange.timeOut(limitMs);
      }
    };
    this.#silenceCheck = setInterval(check, Math.max(5, limitMs / CHECKS_PER_LIMIT)).unref();
  }
}

import { Agent, type buildConnector, type Dispatcher, EnvHttpProxyAgent, interceptors } from "undici";
import { MAX_HEAD_BYTES } from "../max-head-bytes.js";
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
import { ConnectionPool } from "./connection-pool.js";
import type { ConnectSpan } from "./pooled-connection.js";
import { type ExchangeHost, UndiciExchange } from "./undici-exchange.js";

const MAX_REDIRECTS = 20;

/** Transport over undici's `dispatch`: HTTP/1.1 and HTTP/2, TLS, proxies, redirects. */
export class UndiciTransport implements Transport, ExchangeHost {
  readonly stats: TransportStats = createStats();
  readonly #options: TransportOptions;
  readonly #pool: ConnectionPool;
  readonly #redirect: Dispatcher.DispatcherComposeInterceptor;
  /** Carries everything when there is a proxy, else only redirects to other origins. */
  #agent: Dispatcher | null = null;

  constructor(options: TransportOptions, connector?: buildConnector.connector) {
    this.#options = options;
    this.#pool = new ConnectionPool(options, this.stats, connector);
    this.#redirect = interceptors.redirect({
      maxRedirections: MAX_REDIRECTS,
      stripHeadersOnCrossOriginRedirect: [...options.credentialHeaders],
    });
  }

  async warm(connections: number): Promise<void> {
    if (this.#options.useProxyEnvironment || !this.#options.keepAlive) return;
    await this.#pool.warm(connections);
  }

  ready(request: OutgoingRequest): WireRequest {
    return withBytes(request);
  }

  exchange(request: WireRequest, sink: ResponseSink): Exchange {
    const exchange = new UndiciExchange(request, sink, this);
    this.stats.requestsInFlight += 1;
    this.dispatch(exchange, false);
    return exchange;
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await this.#agent?.destroy();
    this.#agent = null;
  }

  dispatch(exchange: UndiciExchange, fresh: boolean): void {
    const { method, path, headers, body } = exchange.request;
    const options: Dispatcher.DispatchOptions = {
      origin: this.#options.origin,
      path,
      method,
      headers: headers as string[],
      body: body.byteLength === 0 ? null : body,
      reset: !this.#options.keepAlive,
    };
    const dispatch = this.#dispatchOf(exchange, fresh);
    (this.#options.followRedirects ? this.#redirect(dispatch) : dispatch)(options, exchange);
  }

  sending(exchange: UndiciExchange): ConnectSpan | null {
    this.stats.requestsSent += 1;
    if (exchange.connection === null) return null; // through a proxy: its connections are not ours to know
    const span = exchange.connection.takeConnectSpan();
    if (span === null) this.stats.requestsOnReusedConnections += 1;
    return span;
  }

  retrying(exchange: UndiciExchange): void {
    this.stats.requestsRetried += 1;
    this.#release(exchange);
  }

  settled(exchange: UndiciExchange): void {
    this.stats.requestsInFlight -= 1;
    this.#release(exchange);
  }

  #dispatchOf(exchange: UndiciExchange, fresh: boolean): Dispatcher.Dispatch {
    if (this.#options.useProxyEnvironment) return (options, handler) => this.#otherAgent().dispatch(options, handler);
    const connection = fresh ? this.#pool.acquireFresh() : this.#pool.acquire();
    exchange.connection = connection;
    return (options, handler) =>
      options.origin === this.#options.origin
        ? connection.client.dispatch(options, handler)
        : this.#otherAgent().dispatch(options, handler);
  }

  #release(exchange: UndiciExchange): void {
    if (exchange.connection === null) return;
    this.#pool.release(exchange.connection);
    exchange.connection = null;
  }

  #otherAgent(): Dispatcher {
    if (this.#agent === null) {
      const options: Agent.Options = {
        allowH2: this.#options.http2,
        maxHeaderSize: MAX_HEAD_BYTES,
        headersTimeout: this.#options.readTimeoutMs,
        bodyTimeout: this.#options.readTimeoutMs,
        connect: { timeout: this.#options.connectTimeoutMs, rejectUnauthorized: this.#options.verify },
      };
      this.#agent = this.#options.useProxyEnvironment ? new EnvHttpProxyAgent(options) : new Agent(options);
    }
    return this.#agent;
  }
}

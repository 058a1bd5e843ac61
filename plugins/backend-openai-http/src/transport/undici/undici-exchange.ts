import type { Dispatcher } from "undici";
import { readRetryAfter } from "../retry-after.js";
import type { Exchange, ResponseHead, ResponseSink, WireRequest } from "../transport.js";
import { errorCodeOf, toTransportFailure } from "../transport-failure.js";
import type { ConnectSpan, PooledConnection } from "./pooled-connection.js";

/** What an exchange needs from its transport. */
export interface ExchangeHost {
  /** Dispatches (again); `fresh` asks for a connection of its own. */
  dispatch(exchange: UndiciExchange, fresh: boolean): void;
  /** Called when the request is about to be written; tells how its connection was opened, or null when it was open. */
  sending(exchange: UndiciExchange): ConnectSpan | null;
  /** Called once, when nothing more will come. */
  settled(exchange: UndiciExchange): void;
  retrying(exchange: UndiciExchange): void;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** One request and its response, as a handler object of undici's `dispatch`. */
export class UndiciExchange implements Exchange, Dispatcher.DispatchHandler {
  readonly request: WireRequest;
  /** Set by the transport; null when the request goes through a proxy. */
  connection: PooledConnection | null = null;
  readonly #sink: ResponseSink;
  readonly #host: ExchangeHost;
  #controller: Dispatcher.DispatchController | null = null;
  #head: ResponseHead | null = null;
  #bytesReadBefore = 0;
  #aborted = false;
  #settled = false;

  constructor(request: WireRequest, sink: ResponseSink, host: ExchangeHost) {
    this.request = request;
    this.#sink = sink;
    this.#host = host;
    sink.timings.requestBytes = request.body.byteLength;
  }

  abort(): void {
    if (this.#settled || this.#aborted) return;
    this.#aborted = true;
    // before a connection is ready there is no controller: onRequestStart gives up then
    this.#controller?.abort(new Error("given up by the client"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted) {
      controller.abort(new Error("given up by the client"));
      return;
    }
    const { timings, clock } = this.#sink;
    const span = this.#host.sending(this);
    this.#bytesReadBefore = this.connection?.bytesRead ?? 0;
    if (!Number.isNaN(timings.sendNs)) return; // a redirect: the first hop's stamps stay
    if (span !== null) {
      timings.freshConnection = true;
      const epochNs = clock.nowNs() - performance.now() * 1e6;
      timings.connectStartNs = epochNs + span.startMs * 1e6;
      timings.connectEndNs = epochNs + span.endMs * 1e6;
    }
    timings.sendNs = clock.nowNs();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200 || this.#aborted) return;
    const atNs = this.#sink.clock.nowNs();
    this.#sink.timings.firstByteNs = atNs;
    this.#head = toResponseHead(status, headers);
    this.#sink.head(this.#head, atNs);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const atNs = this.#sink.clock.nowNs();
    if (this.#aborted) return;
    this.#sink.data(chunk, 0, chunk.length, atNs);
  }

  onResponseEnd(): void {
    const atNs = this.#sink.clock.nowNs();
    this.#settle();
    if (!this.#aborted) this.#sink.end(atNs);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const atNs = this.#sink.clock.nowNs();
    if (this.#mayRetry(error)) {
      this.#host.retrying(this);
      const { requestBytes } = this.#sink.timings;
      this.#sink.timings.resetExchange();
      this.#sink.timings.requestBytes = requestBytes;
      this.#sink.timings.retried = true;
      this.#controller = null;
      this.#host.dispatch(this, true);
      return;
    }
    this.#settle();
    if (this.#aborted) return;
    const failure = toTransportFailure(error, {
      sent: !Number.isNaN(this.#sink.timings.sendNs),
      headReceived: this.#head !== null,
      bodyPhase: this.#head?.contentType === "text/event-stream" ? "stream" : "body",
    });
    this.#sink.fail(failure, atNs);
  }

  /** An idle connection may have been closed by the server just then: no byte was answered, so nothing was done. */
  #mayRetry(error: Error): boolean {
    const { timings } = this.#sink;
    if (this.#aborted || this.#head !== null || timings.retried) return false;
    if (Number.isNaN(timings.sendNs) || timings.freshConnection || this.#isAnswered()) return false;
    const code = errorCodeOf(error);
    return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
  }

  /** Bytes came back, though no whole head; over HTTP/2 they may be those of other requests. */
  #isAnswered(): boolean {
    const { connection } = this;
    return connection !== null && !connection.isHttp2 && connection.bytesRead > this.#bytesReadBefore;
  }

  #settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#host.settled(this);
  }
}

function toResponseHead(status: number, headers: Headers): ResponseHead {
  return {
    status,
    contentType: one(headers["content-type"]).split(";", 1)[0]?.trim().toLowerCase() ?? "",
    contentEncoding: one(headers["content-encoding"]).trim().toLowerCase(),
    retryAfterSeconds: readRetryAfter(one(headers["retry-after"]).trim()),
  };
}

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

import type { Clock } from "@core/backend";
import type { Exchange, ResponseSink, WireRequest } from "../transport.js";
import { type TransportFailure, toTransportFailure } from "../transport-failure.js";
import type { ConnectionUser, DirectConnection } from "./direct-connection.js";
import { HttpProtocolError } from "./http-protocol-error.js";
import type { ParsedHead } from "./parsed-head.js";
import { HeaderError } from "./request-encoder.js";

/** What an exchange needs from its transport. */
export interface ExchangeHost {
  readonly followRedirects: boolean;
  /** An idle connection, or null. */
  takeIdle(): DirectConnection | null;
  /** Opens a connection. @returns A function that gives the attempt up. */
  open(listener: { opened(connection: DirectConnection): void; failed(error: Error): void }): () => void;
  /** Bytes of a request. @throws {HeaderError} */
  encode(request: WireRequest): Buffer;
  sending(isReused: boolean): void;
  retrying(): void;
  /** Called once, when nothing more will come. */
  settled(exchange: DirectExchange): void;
  /** Goes on elsewhere after a redirect. @returns The exchange there, or null when there were too many. */
  redirect(head: ParsedHead, exchange: DirectExchange): Exchange | null;
}

/** One request and its response over a connection of its own while it lasts. */
export class DirectExchange implements Exchange, ConnectionUser {
  /** Null once it was answered, since nothing repeats it then. */
  request: WireRequest | null;
  readonly sink: ResponseSink;
  readonly clock: Clock;
  /** Redirects followed before this one. */
  readonly redirects: number;
  readonly #host: ExchangeHost;
  #connection: DirectConnection | null = null;
  #cancelOpen: (() => void) | null = null;
  #elsewhere: Exchange | null = null;
  #head: ParsedHead | null = null;
  #isRedirect = false;
  #isReused = false;
  #settled = false;
  #lastNs = 0;

  constructor(request: WireRequest, sink: ResponseSink, host: ExchangeHost, redirects: number) {
    this.request = request;
    this.sink = sink;
    this.clock = sink.clock;
    this.redirects = redirects;
    this.#host = host;
    if (redirects === 0) sink.timings.requestBytes = request.body.byteLength;
  }

  /** Waits for a byte of the response: a limit on silence applies. */
  get isWaiting(): boolean {
    return this.#connection !== null;
  }

  start(): void {
    const connection = this.#host.takeIdle();
    if (connection === null) this.#open();
    else this.#send(connection, true);
  }

  abort(): void {
    this.#elsewhere?.abort();
    if (this.#settled) return;
    this.#cancelOpen?.();
    this.#connection?.destroy();
    this.#settle();
  }

  /** Latest sign of life, for the time limit. */
  get lastNs(): number {
    return Math.max(this.#lastNs, this.#connection?.lastNs ?? 0);
  }

  head(head: ParsedHead, atNs: number): ResponseSink | null {
    this.#head = head;
    this.#isRedirect = this.#host.followRedirects && head.location !== "" && isRedirect(head.status);
    if (this.#isRedirect) return null;
    this.request = null;
    this.sink.timings.firstByteNs = atNs;
    this.sink.head(head, atNs);
    return this.sink;
  }

  complete(atNs: number): void {
    if (this.#settled) return;
    this.#settle();
    if (!this.#isRedirect || this.#head === null) {
      this.sink.end(atNs);
      return;
    }
    this.#elsewhere = this.#host.redirect(this.#head, this);
    if (this.#elsewhere !== null) return;
    this.sink.head(this.#head, atNs); // shown as the redirect that it is
    this.sink.end(atNs);
  }

  lost(error: Error, answered: boolean, atNs: number): void {
    this.#connection = null;
    if (this.#isReused && !answered && !this.sink.timings.retried) {
      // the server had closed the idle connection just then: nothing was done with the request
      this.#host.retrying();
      const { timings } = this.sink;
      const { requestBytes } = timings;
      timings.resetExchange();
      timings.requestBytes = requestBytes;
      timings.retried = true;
      this.#open();
      return;
    }
    this.#fail(this.#failureOf(error), atNs);
  }

  /** Ends it because nothing has come for longer than the limit. */
  timeOut(limitMs: number): void {
    this.#connection?.destroy();
    const isFirst = this.#head === null;
    this.#fail(
      {
        code: isFirst ? "OPENAI_HTTP_FIRST_BYTE_TIMEOUT" : "OPENAI_HTTP_READ_TIMEOUT",
        message: isFirst
          ? `No response head arrived within ${limitMs} ms`
          : `Nothing of the response arrived for ${limitMs} ms`,
        phase: this.#phase(),
      },
      this.clock.nowNs(),
    );
  }

  /** Ends it because the transport is closed. */
  close(): void {
    if (this.#settled) return;
    this.#cancelOpen?.();
    this.#connection?.destroy();
    const error = Object.assign(new Error("The client was closed"), { code: "ECONNABORTED" });
    this.#fail(this.#failureOf(error), this.clock.nowNs());
  }

  #open(): void {
    const startNs = this.clock.nowNs();
    this.#cancelOpen = this.#host.open({
      opened: (connection) => {
        this.#cancelOpen = null;
        const { timings } = this.sink;
        if (Number.isNaN(timings.sendNs)) {
          timings.freshConnection = true;
          timings.connectStartNs = startNs;
          timings.connectEndNs = this.clock.nowNs();
        }
        this.#send(connection, false);
      },
      failed: (error) => {
        this.#cancelOpen = null;
        this.#fail(this.#failureOf(error), this.clock.nowNs());
      },
    });
  }

  #send(connection: DirectConnection, isReused: boolean): void {
    const request = this.request as WireRequest; // not answered yet
    let bytes: Uint8Array;
    try {
      bytes = request.encoded ?? this.#host.encode(request);
    } catch (error) {
      if (!(error instanceof HeaderError)) throw error;
      connection.destroy();
      this.#fail({ code: "OPENAI_HTTP_SEND_FAILED", message: error.message, phase: "send" }, this.clock.nowNs());
      return;
    }
    this.#connection = connection;
    this.#isReused = isReused;
    this.#host.sending(isReused);
    const { timings } = this.sink;
    this.#lastNs = this.clock.nowNs();
    if (Number.isNaN(timings.sendNs)) timings.sendNs = this.#lastNs; // of a redirect the first hop's stamp stays
    connection.send(bytes, request.method, this, this.#lastNs);
  }

  #failureOf(error: Error): TransportFailure {
    if (error instanceof HttpProtocolError) {
      return {
        code: "OPENAI_HTTP_PROTOCOL_ERROR",
        message: `Not a valid HTTP response: ${error.message}`,
        phase: this.#phase(),
      };
    }
    return toTransportFailure(error, {
      sent: this.#wasSent(),
      headReceived: this.#hasHead(),
      bodyPhase: this.#bodyPhase(),
    });
  }

  #wasSent(): boolean {
    return !Number.isNaN(this.sink.timings.sendNs);
  }

  #phase(): TransportFailure["phase"] {
    return this.#hasHead() ? this.#bodyPhase() : "first_byte";
  }

  /** The head of a redirect does not count: what it leads to is awaited. */
  #hasHead(): boolean {
    return this.#head !== null && !this.#isRedirect;
  }

  #bodyPhase(): "stream" | "body" {
    return this.#head?.contentType === "text/event-stream" ? "stream" : "body";
  }

  #fail(failure: TransportFailure, atNs: number): void {
    if (this.#settled) return;
    this.#settle();
    this.sink.fail(failure, atNs);
  }

  #settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#connection = null;
    this.#cancelOpen = null;
    this.#host.settled(this);
  }
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

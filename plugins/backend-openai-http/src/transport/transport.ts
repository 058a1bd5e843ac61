import type { Clock, RequestTimings } from "@core/backend";
import type { TransportFailure } from "./transport-failure.js";

/** A request before its bytes are made. */
export interface OutgoingRequest extends Omit<WireRequest, "body" | "encoded"> {
  /** Text goes as UTF-8. */
  readonly body: Uint8Array | string;
}

/** The bytes of one request, ready to be written. */
export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn; without host, content-length and connection, which the transport adds. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  /** Head and body as they go on the wire, when {@link Transport.ready} has made them. */
  readonly encoded?: Uint8Array;
}

/** The parts of a response head that the reader of a response needs. Text from the server. */
export interface ResponseHead {
  readonly status: number;
  /** Lower case, without parameters; empty when not given. */
  readonly contentType: string;
  /** Lower case; empty when not given. */
  readonly contentEncoding: string;
  /** Seconds of a `retry-after` header; NaN when not given or not a number. */
  readonly retryAfterSeconds: number;
}

/** The request with its body as bytes. */
export function withBytes(request: OutgoingRequest): WireRequest {
  const { body } = request;
  return { ...request, body: typeof body === "string" ? Buffer.from(body) : body };
}

/**
 * Takes events that are like the one before, in everything but their text.
 *
 * Perf: the short way from a read to a stamp, for transports that deliver whole events: what it touches for each is small.
 */
export interface EventLane {
  /** Clock of the stamps. */
  readonly clock: Clock;
  /** Takes `bytes[start, end)`; false when it is another event, or a part of one: it must go to {@link ResponseSink.data}. */
  eventLike(bytes: Buffer, start: number, end: number, atNs: number): boolean;
}

/**
 * Receives what comes back for one request, on the stack of the socket's read: it must not throw and must not wait.
 * After `end` or `fail`, or after {@link Exchange.abort}, nothing more is called.
 */
export interface ResponseSink {
  /** Where the transport writes connectStartNs, connectEndNs, sendNs, firstByteNs, freshConnection, retried and byte counts. */
  readonly timings: RequestTimings;
  /** Clock of all stamps. */
  readonly clock: Clock;
  head(head: ResponseHead, atNs: number): void;
  /**
   * One delivered piece of the body: `bytes[start, end)`.
   *
   * @param bytes - Valid during the call only: a transport may reuse the memory.
   * @param atNs - Read once per piece, before anything looked at the bytes.
   */
  data(bytes: Buffer, start: number, end: number, atNs: number): void;
  /**
   * Where the next events may go, as long as each comes as a whole; null when they are for {@link data}. To be asked after
   * each piece that went to `data`.
   */
  readonly lane: EventLane | null;
  /** Instant of the latest token; NaN before the first. */
  readonly lastTokenNs: number;
  /** The body is complete. */
  end(atNs: number): void;
  fail(failure: TransportFailure, atNs: number): void;
}

/** One request under way. */
export interface Exchange {
  /** Gives the request up; its connection is closed unless the response was complete. */
  abort(): void;
}

/** Counters of a transport since it was made. */
export interface TransportStats {
  /** Connections opened, those of `warm` included. */
  connectionsOpened: number;
  /** Attempts to connect that failed. */
  connectionsFailed: number;
  /** Requests handed to a socket, repetitions included. */
  requestsSent: number;
  /** Requests that found an open connection. */
  requestsOnReusedConnections: number;
  /** Requests repeated because an idle connection turned out to be dead. */
  requestsRetried: number;
  /** Requests that have neither ended nor failed. */
  requestsInFlight: number;
  /** Protocol of the latest connection; empty before the first one. */
  protocol: "" | "http/1.1" | "h2";
}

/**
 * A way to carry requests to one origin. Requests are never queued in the client: with no idle connection a new one is
 * opened.
 */
export interface Transport {
  readonly stats: Readonly<TransportStats>;
  /** Opens connections until `connections` are idle; failures are left to the requests that follow. */
  warm(connections: number): Promise<void>;
  /** Does what can be done before the intended instant of a request. */
  ready(request: OutgoingRequest): WireRequest;
  /** Sends a request now. Reports to `sink`, possibly before it returns. */
  exchange(request: WireRequest, sink: ResponseSink): Exchange;
  /** Closes all connections; requests under way fail. */
  close(): Promise<void>;
}

/** How connections are made and used. */
export interface TransportOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Milliseconds; 0 is no limit. */
  readonly connectTimeoutMs: number;
  /** Milliseconds between received pieces, and until the head; 0 is no limit. */
  readonly readTimeoutMs: number;
  readonly http2: boolean;
  readonly keepAlive: boolean;
  readonly followRedirects: boolean;
  /** Check TLS certificates. */
  readonly verify: boolean;
  /** Header names that must not follow a redirect to another origin. */
  readonly credentialHeaders: readonly string[];
  /** Whether HTTP_PROXY, HTTPS_PROXY and NO_PROXY decide about a proxy. */
  readonly useProxyEnvironment: boolean;
}

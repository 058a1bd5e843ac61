import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import WebSocket, { type RawData } from "ws";
import {
  type ConnectionFailure,
  closedConnection,
  refusedHandshake,
  toConnectionFailure,
} from "./connection-failure.js";
import { errorEventText } from "./error-event.js";
import { parseJsonObject } from "./json-object.js";

/** Where to connect, and how. */
export interface ConnectionOptions {
  readonly url: URL;
  /** With credentials: for the socket only. */
  readonly headers: Readonly<Record<string, string>>;
  /** Check TLS certificates. */
  readonly verify: boolean;
  /** Milliseconds from the begin of the connection to its greeting; 0 is no limit. */
  readonly connectTimeoutMs: number;
}

/** What is told about a connection. After `lost` nothing more is told. */
export interface ConnectionListener {
  /** Bytes have arrived, which have not been looked at. */
  arrived(): void;
  /** The connection is open and greeted. */
  ready(): void;
  /** A message, within the call of `arrived` for its last bytes. */
  message(data: Buffer): void;
  lost(failure: ConnectionFailure): void;
}

const LARGEST_MESSAGE_BYTES = 16 * 1024 * 1024;
const SHOWN_BODY_BYTES = 4096;
/** How long a server may take to answer a closing frame. */
const CLOSE_LIMIT_MS = 250;

/** One connection to the realtime endpoint, from its handshake and greeting through any number of requests. */
export class RealtimeConnection {
  readonly #webSocket: WebSocket;
  readonly #ended: (connection: RealtimeConnection) => void;
  #listener: ConnectionListener | null;
  #socket: Socket | null = null;
  #state: "connecting" | "ready" | "lost" = "connecting";
  #timer: NodeJS.Timeout | null = null;

  /** @param ended - Called once, when the connection is lost or closed. */
  constructor(
    { url, headers, verify, connectTimeoutMs }: ConnectionOptions,
    listener: ConnectionListener,
    ended: (connection: RealtimeConnection) => void,
  ) {
    this.#listener = listener;
    this.#ended = ended;
    this.#webSocket = new WebSocket(url, {
      headers,
      rejectUnauthorized: verify,
      followRedirects: false,
      perMessageDeflate: false, // what is inflated arrives later than its bytes
      maxPayload: LARGEST_MESSAGE_BYTES,
      closeTimeout: CLOSE_LIMIT_MS,
    } as WebSocket.ClientOptions);
    this.#webSocket.on("upgrade", this.#upgraded);
    this.#webSocket.on("open", this.#opened);
    this.#webSocket.on("unexpected-response", this.#refused);
    this.#webSocket.on("message", this.#message);
    this.#webSocket.on("error", this.#failed);
    this.#webSocket.on("close", this.#closed);
    if (connectTimeoutMs > 0) this.#timer = setTimeout(() => this.#timedOut(connectTimeoutMs), connectTimeoutMs);
  }

  /** Whether requests can be sent. */
  get isReady(): boolean {
    return this.#state === "ready";
  }

  /** Bytes written that the kernel has not taken yet. */
  get pendingBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  /** Changes who is told; null for an idle connection, whose messages are dropped. */
  listen(listener: ConnectionListener | null): void {
    this.#listener = listener;
  }

  /** Sends one text message; `taken` is called when the kernel has it, or the connection is lost. */
  send(message: Buffer, taken?: () => void): void {
    this.#webSocket.send(message, { binary: false }, taken);
  }

  /** Lets `write` send several messages in one piece. */
  together(write: () => void): void {
    this.#socket?.cork();
    try {
      write();
    } finally {
      this.#socket?.uncork();
    }
  }

  /** Ends the connection; politely when nothing is under way, since servers log the other way. Tells nobody. */
  close({ politely }: { readonly politely: boolean }): void {
    this.#lose();
    if (politely) this.#webSocket.close(1000);
    else this.#webSocket.terminate();
  }

  /** Breaks the connection because the backend stops; a request under way is told. */
  breakOff(): void {
    this.#fail({ code: "OPENAI_WEBSOCKET_CONNECTION_LOST", message: "The backend was shut down" });
  }

  readonly #upgraded = ({ socket }: IncomingMessage): void => {
    this.#socket = socket;
  };

  readonly #opened = (): void => {
    // Before the client's own listener, and not earlier than this event: a listener of ours alone would swallow bytes.
    this.#socket?.prependListener("data", this.#arrived);
  };

  readonly #arrived = (): void => this.#listener?.arrived();

  readonly #message = (raw: RawData): void => {
    const data = raw as Buffer; // the default binary type, for text too
    if (this.#state === "ready") this.#listener?.message(data);
    else if (this.#state === "connecting") this.#greeted(data);
  };

  #greeted(data: Buffer): void {
    const event = parseJsonObject(data.toString("utf8"));
    const type = event?.["type"];
    if (type === "session.created") {
      this.#stopTimer();
      this.#state = "ready";
      this.#listener?.ready();
      return;
    }
    if (event !== null && type === "error") {
      this.#fail({
        code: "OPENAI_WEBSOCKET_SERVER_ERROR",
        message: `The server refused the session: ${errorEventText(event)}`,
      });
      return;
    }
    const got = event === null ? "no JSON object" : `"${String(type).slice(0, 100)}"`;
    this.#fail({ code: "OPENAI_WEBSOCKET_NO_GREETING", message: `The first event was ${got}, not "session.created"` });
  }

  readonly #refused = (request: ClientRequest, response: IncomingMessage): void => {
    let body = "";
    const told = (): void => {
      request.destroy();
      this.#fail(refusedHandshake(response.statusCode ?? 0, body));
    };
    response.setEncoding("utf8");
    response.on("data", (text: string) => {
      body += text;
      if (body.length > SHOWN_BODY_BYTES) told();
    });
    response.on("end", told);
    response.on("error", told);
  };

  readonly #failed = (error: Error): void => this.#fail(toConnectionFailure(error, this.#socket !== null));

  readonly #closed = (code: number, reason: Buffer): void =>
    this.#fail(closedConnection(code, reason.toString("utf8")));

  #timedOut(limitMs: number): void {
    this.#fail({
      code: "OPENAI_WEBSOCKET_CONNECT_TIMEOUT",
      message: `No connection was open and greeted within ${limitMs} ms`,
    });
  }

  #fail(failure: ConnectionFailure): void {
    const listener = this.#listener;
    if (!this.#lose()) return;
    this.#webSocket.terminate();
    listener?.lost(failure);
  }

  /** @returns Whether it was not lost before. */
  #lose(): boolean {
    if (this.#state === "lost") return false;
    this.#state = "lost";
    this.#listener = null;
    this.#stopTimer();
    this.#ended(this);
    return true;
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

import type { RequestHeaders } from "../request-headers.js";
import { createTransport, type TransportChoice } from "../transport/create-transport.js";
import type { Exchange, Transport, TransportOptions } from "../transport/transport.js";
import { ControlReplySink } from "./control-reply-sink.js";

/** Longest wait for a health or model request, whatever `timeout` says. */
const LONGEST_WAIT_MS = 30_000;

/** What came back for a GET. */
export interface ControlReply {
  readonly status: number;
  readonly body: string;
}

/** Why no reply came. */
export interface ControlFailure {
  readonly failure: string;
}

/** Asks for small things beside the load (health, models), over connections of its own. */
export class ControlClient {
  readonly #choice: TransportChoice;
  readonly #options: TransportOptions;
  readonly #headers: RequestHeaders;
  /** By origin: a route may be configured to lie elsewhere. */
  readonly #transports = new Map<string, Promise<Transport>>();

  constructor(choice: TransportChoice, options: TransportOptions, headers: RequestHeaders) {
    this.#choice = choice;
    this.#options = options;
    this.#headers = headers;
  }

  /** Asks for a URL; never throws. */
  async get(url: URL): Promise<ControlReply | ControlFailure> {
    const transport = await this.#transportTo(url.origin);
    const request = {
      method: "GET",
      path: `${url.pathname}${url.search}`,
      headers: this.#headers.wire,
      body: new Uint8Array(),
    };
    let exchange: Exchange | null = null;
    const reply = await new Promise<ControlReply | ControlFailure>((resolve) => {
      exchange = transport.exchange(request, new ControlReplySink(resolve));
    });
    (exchange as Exchange | null)?.abort(); // a reply that was refused before its end
    return "body" in reply ? { ...reply, body: this.#headers.redact(reply.body) } : reply;
  }

  async close(): Promise<void> {
    const transports = await Promise.all(this.#transports.values());
    this.#transports.clear();
    await Promise.all(transports.map((transport) => transport.close()));
  }

  #transportTo(origin: string): Promise<Transport> {
    let transport = this.#transports.get(origin);
    if (transport === undefined) {
      const readTimeoutMs = Math.min(this.#options.readTimeoutMs || LONGEST_WAIT_MS, LONGEST_WAIT_MS);
      transport = createTransport(this.#choice, { ...this.#options, origin, readTimeoutMs });
      this.#transports.set(origin, transport);
    }
    return transport;
  }
}

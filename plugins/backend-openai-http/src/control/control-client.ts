import type { Agent, Dispatcher } from "undici";
import type { RequestHeaders } from "../request-headers.js";
import type { TransportOptions } from "../transport/transport.js";
import { toTransportFailure } from "../transport/transport-failure.js";

/** Longest wait for a health or model request, whatever `timeout` says. */
const LONGEST_WAIT_MS = 30_000;
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_REDIRECTS = 20;

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
  readonly #options: TransportOptions;
  readonly #headers: RequestHeaders;
  #dispatcher: Dispatcher | null = null;

  constructor(options: TransportOptions, headers: RequestHeaders) {
    this.#options = options;
    this.#headers = headers;
  }

  /** Asks for a URL; never throws. */
  async get(url: URL): Promise<ControlReply | ControlFailure> {
    const undici = await import("undici"); // only one thread asks: the others need not load it
    this.#dispatcher ??= createDispatcher(undici, this.#options);
    let status: number | null = null;
    try {
      const reply = await undici.request(url, { dispatcher: this.#dispatcher, headers: [...this.#headers.wire] });
      status = reply.statusCode;
      const pieces: Buffer[] = [];
      let bytes = 0;
      for await (const piece of reply.body) {
        pieces.push(piece as Buffer);
        bytes += (piece as Buffer).byteLength;
        if (bytes > MAX_BODY_BYTES) return { failure: "the reply is too large" };
      }
      return { status, body: this.#headers.redact(Buffer.concat(pieces).toString("utf8")) };
    } catch (error) {
      const failure = toTransportFailure(error, {
        sent: status !== null,
        headReceived: status !== null,
        bodyPhase: "body",
      });
      return { failure: failure.message };
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher?.destroy();
    this.#dispatcher = null;
  }
}

function createDispatcher(undici: typeof import("undici"), options: TransportOptions): Dispatcher {
  const waitMs = Math.min(options.readTimeoutMs || LONGEST_WAIT_MS, LONGEST_WAIT_MS);
  const agentOptions: Agent.Options = {
    allowH2: options.http2,
    headersTimeout: waitMs,
    bodyTimeout: waitMs,
    connect: { timeout: options.connectTimeoutMs, rejectUnauthorized: options.verify },
  };
  const agent = options.useProxyEnvironment
    ? new undici.EnvHttpProxyAgent(agentOptions)
    : new undici.Agent(agentOptions);
  if (!options.followRedirects) return agent;
  return agent.compose(
    undici.interceptors.redirect({
      maxRedirections: MAX_REDIRECTS,
      stripHeadersOnCrossOriginRedirect: [...options.credentialHeaders],
    }),
  );
}

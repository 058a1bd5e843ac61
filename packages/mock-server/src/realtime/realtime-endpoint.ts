import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { ReplyScope } from "../generation-reply.js";
import { RequestRefusal } from "../request-refusal.js";
import { RealtimeSession } from "./realtime-session.js";

/** Where transcriptions are asked for. */
export const REALTIME_PATH = "/v1/realtime";

const LARGEST_MESSAGE_BYTES = 64 * 1024 * 1024;

/** What the endpoint needs of the server's requests. */
export interface RequestCounter {
  /** Notes the arrival of a request: its number. */
  takeOrdinal(arrivalNs: number): number;
  /** @throws {RequestRefusal} 401 for a request without the key. */
  checkKey(request: IncomingMessage): void;
}

/** Turns upgrades of connections into WebSocket sessions. */
export class RealtimeEndpoint {
  readonly #scope: ReplyScope;
  readonly #requests: RequestCounter;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LARGEST_MESSAGE_BYTES,
  });

  constructor(scope: ReplyScope, requests: RequestCounter) {
    this.#scope = scope;
    this.#requests = requests;
  }

  /** Takes or refuses one upgrade; never throws. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => socket.destroy()); // a client that left: the session ends with its socket
    try {
      const path = (request.url ?? "").split("?", 1)[0] ?? "";
      if (path !== REALTIME_PATH) {
        throw new RequestRefusal(404, `No WebSocket at ${path.slice(0, 100)}`, { code: "not_found" });
      }
      this.#requests.checkKey(request);
    } catch (error) {
      if (!(error instanceof RequestRefusal)) throw error;
      refuse(socket, error);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      new RealtimeSession(webSocket, this.#scope, (arrivalNs) => this.#requests.takeOrdinal(arrivalNs)).begin();
    });
  };

  /** Breaks all sessions. */
  close(): void {
    for (const client of this.#server.clients) client.terminate();
  }
}

function refuse(socket: Duplex, refusal: RequestRefusal): void {
  const body = JSON.stringify(refusal);
  const headers = { ...refusal.headers, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n`;
  socket.end(`${status}connection: close\r\n${lines.join("")}\r\n${body}`);
}

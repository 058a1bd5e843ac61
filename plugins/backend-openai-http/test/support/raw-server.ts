import { EventEmitter, once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** One request that a {@link RawServer} has read completely. */
export interface RawRequest {
  /** Counts connections from 0. */
  readonly connection: number;
  /** Counts requests on this connection from 0. */
  readonly indexOnConnection: number;
  readonly head: string;
  readonly body: string;
}

/** A server that answers with bytes as they are given, so that every fault can be written down. */
export interface RawServer {
  readonly url: string;
  readonly requests: readonly RawRequest[];
  connections(): number;
  /** Settles when no more connections than this are open. */
  openAtMost(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1; `answer` writes whatever it wants. */
export async function startRawServer(answer: (socket: Socket, request: RawRequest) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const closings = new EventEmitter();
  const requests: RawRequest[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    const connection = connections;
    connections += 1;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {}); // resets are part of the tests
    socket.on("close", () => {
      sockets.delete(socket);
      closings.emit("closed");
    });
    let received = "";
    let indexOnConnection = 0;
    socket.on("data", (bytes: Buffer) => {
      received += bytes.toString("latin1");
      for (;;) {
        const end = received.indexOf("\r\n\r\n");
        if (end < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(received.slice(0, end))?.[1] ?? 0);
        if (received.length < end + 4 + length) return;
        const body = Buffer.from(received.slice(end + 4, end + 4 + length), "latin1").toString("utf8");
        const request = { connection, indexOnConnection, head: received.slice(0, end), body };
        received = received.slice(end + 4 + length);
        indexOnConnection += 1;
        requests.push(request);
        answer(socket, request);
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections,
    openAtMost: async (count) => {
      while (sockets.size > count) await once(closings, "closed");
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A complete response with a content length. */
export function reply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Text\r\n${lines.join("")}\r\n${body}`;
}

/** Head of a chunked event stream. */
export const STREAM_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

/** One HTTP chunk. */
export function chunk(data: string): string {
  return `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`;
}

/** The zero chunk. */
export const LAST_CHUNK = "0\r\n\r\n";

/** An event of a chat stream. */
export function delta(content: unknown, finishReason: string | null = null): string {
  const choice = { index: 0, delta: content, finish_reason: finishReason };
  return `data: ${JSON.stringify({ id: "chatcmpl-1", choices: [choice] })}\n\n`;
}

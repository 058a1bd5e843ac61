import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** A message of the client, read. */
export type ClientEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** One connection that a {@link RealtimeServer} has taken. */
export interface ServerSession {
  /** Counts connections from 0. */
  readonly index: number;
  readonly webSocket: WebSocket;
  readonly socket: Socket;
  readonly head: IncomingMessage;
  /** Sends an event, or text as it is. */
  send(event: object | string): void;
}

/** What a scripted server does. */
export interface RealtimeScript {
  /** A connection is open; by default it is greeted. */
  readonly opened?: (session: ServerSession) => void;
  /** An event has arrived. */
  readonly event?: (session: ServerSession, event: ClientEvent) => void;
  /** Answers plain requests: status and body. */
  readonly plain?: (request: IncomingMessage, body: string) => readonly [number, string];
  /** Answers the handshake with this status in place of 101. */
  readonly refuse?: readonly [number, string];
  /** Certificate and key, for TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A server that says what a test wants. */
export interface RealtimeServer {
  readonly url: string;
  readonly events: readonly ClientEvent[];
  readonly sessions: readonly ServerSession[];
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. */
export async function startRealtimeServer(script: RealtimeScript): Promise<RealtimeServer> {
  const events: ClientEvent[] = [];
  const sessions: ServerSession[] = [];
  const sockets = new Set<Socket>();
  const listener: RequestListener = (request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const [status, text] = script.plain?.(request, body) ?? [404, ""];
      response.writeHead(status).end(text);
    });
  };
  const http = script.tls === undefined ? createServer(listener) : createTlsServer(script.tls, listener);
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  http.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // resets are part of the tests
  });
  http.on("upgrade", (head: IncomingMessage, socket: Socket, rest: Buffer) => {
    if (script.refuse !== undefined) {
      const [status, body] = script.refuse;
      socket.end(`HTTP/1.1 ${status} Text\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      return;
    }
    webSockets.handleUpgrade(head, socket, rest, (webSocket) => {
      const session: ServerSession = {
        ...{ index: sessions.length, webSocket, socket, head },
        send: (event) => webSocket.send(typeof event === "string" ? event : JSON.stringify(event)),
      };
      sessions.push(session);
      webSocket.on("error", () => {});
      webSocket.on("message", (data) => {
        const event = JSON.parse(String(data)) as ClientEvent;
        events.push(event);
        script.event?.(session, event);
      });
      if (script.opened === undefined) session.send({ type: "session.created", id: "sess-1" });
      else script.opened(session);
    });
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  return {
    url: `${script.tls === undefined ? "http" : "https"}://127.0.0.1:${(http.address() as AddressInfo).port}`,
    events,
    sessions,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      const closed = once(http, "close");
      http.close();
      await closed;
    },
  };
}

/** Answers the end of the audio with these events. */
export function answer(...events: readonly (object | string)[]): NonNullable<RealtimeScript["event"]> {
  return (session, event) => {
    if (event["final"] === true) for (const each of events) session.send(each);
  };
}

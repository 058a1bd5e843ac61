import type { Arrivals } from "@core/backend";
import type { SocketOpener, SocketPort, Sockets } from "./open-socket.js";
import { PieceReader } from "./piece-reader.js";

/** Each piece arrives when it is delivered. */
export const EACH_PIECE: Arrivals = { nowNs: (clock) => clock.nowNs() };

/** Opens sockets that exist in memory alone: each answers every request with the same pieces. */
export function cannedSockets(pieces: readonly Buffer[]): Sockets {
  const openSocket: SocketOpener = (options, listener) => {
    let reader: PieceReader | null = null;
    const socket: SocketPort = {
      writableLength: 0,
      on() {},
      destroy() {},
      write() {
        setImmediate(() => {
          for (const piece of pieces) {
            piece.copy(options.buffer);
            reader?.read(piece.length);
          }
        });
      },
    };
    queueMicrotask(() => {
      reader = new PieceReader(options, listener.opened(socket));
    });
    return () => {};
  };
  return { openSocket, arrivals: EACH_PIECE };
}

/** A response as servers stream it: each event in an HTTP chunk and a piece of its own. */
export function cannedStream(events: readonly string[]): readonly Buffer[] {
  const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  const chunks = events.map((event) => {
    const text = `data: ${event}\n\n`;
    return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
  });
  return [head, ...chunks, "0\r\n\r\n"].map((text) => Buffer.from(text));
}

/** A response that is one JSON body. */
export function cannedReply(body: string): readonly Buffer[] {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return [Buffer.from(head + body)];
}

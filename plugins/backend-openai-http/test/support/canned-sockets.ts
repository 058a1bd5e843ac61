import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { EACH_PIECE } from "../../src/transport/direct/canned-socket.js";
import { DirectTransport } from "../../src/transport/direct/direct-transport.js";
import type { SocketOpener } from "../../src/transport/direct/open-socket.js";
import { PieceReader } from "../../src/transport/direct/piece-reader.js";
import type { Transport, TransportOptions } from "../../src/transport/transport.js";
import { createStats } from "../../src/transport/transport-stats.js";
import { UndiciTransport } from "../../src/transport/undici/undici-transport.js";

/** What the sockets of a transport answer to each request. */
export interface CannedAnswer {
  readonly pieces: readonly Uint8Array[];
  /** The server closes the connection after the last piece. */
  readonly closes: boolean;
  /** Called before a piece is handed over. */
  arriving(index: number): void;
  /** Called after all of them. */
  finished(): void;
}

const OPTIONS: TransportOptions = {
  origin: "http://replay.invalid",
  connectTimeoutMs: 0,
  readTimeoutMs: 0,
  http2: false,
  keepAlive: true,
  followRedirects: false,
  verify: true,
  credentialHeaders: [],
  useProxyEnvironment: false,
};

/** A direct transport without sockets: the pieces arrive in a read buffer that is overwritten after each. */
export function cannedDirect(answer: CannedAnswer): Transport {
  const open: SocketOpener = (options, listener) => {
    const { buffer } = options;
    let end: () => void = () => {};
    let isOpen = true;
    let reader: PieceReader | null = null;
    const deliver = (): void => {
      for (const [index, piece] of answer.pieces.entries()) {
        if (!isOpen) break;
        answer.arriving(index);
        buffer.set(piece);
        reader?.read(piece.length);
        buffer.fill("\n", 0, piece.length);
      }
      if (isOpen && answer.closes) end();
      answer.finished();
    };
    queueMicrotask(() => {
      const receiver = listener.opened({
        writableLength: 0,
        on: (event, heard) => {
          if (event === "end") end = heard as () => void;
        },
        destroy: () => {
          isOpen = false;
        },
        write: () => queueMicrotask(deliver),
      });
      reader = new PieceReader(options, receiver);
    });
    return () => {};
  };
  return new DirectTransport(OPTIONS, createStats(), { openSocket: open, arrivals: EACH_PIECE });
}

/** An undici transport without sockets: each piece is read by itself. */
export function cannedUndici(answer: CannedAnswer): Transport {
  return new UndiciTransport(OPTIONS, (_options, callback) => {
    const socket = new CannedSocket(answer);
    queueMicrotask(() => callback(null, socket as unknown as Socket));
  });
}

class CannedSocket extends Duplex {
  readonly #answer: CannedAnswer;

  constructor(answer: CannedAnswer) {
    super();
    this.#answer = answer;
  }

  override _read(): void {}

  override _write(_request: Uint8Array, _encoding: string, written: () => void): void {
    written();
    void this.#deliver();
  }

  async #deliver(): Promise<void> {
    const { pieces, closes } = this.#answer;
    for (const [index, piece] of pieces.entries()) {
      await nextTurn(); // the piece before has been read
      if (this.destroyed) break;
      this.#answer.arriving(index);
      this.push(piece);
    }
    await nextTurn();
    if (closes && !this.destroyed) this.push(null);
    this.#answer.finished();
  }
}

import { RequestTimings, type ResolveEvent } from "@core/backend";
import "../../src/register.js";
import { formatOf } from "../../src/api/formats.js";
import { AfterReads } from "../../src/call/after-reads.js";
import { HttpCall } from "../../src/call/http-call.js";
import { EACH_PIECE } from "../../src/transport/direct/canned-socket.js";
import { DirectTransport } from "../../src/transport/direct/direct-transport.js";
import type { SocketOpener } from "../../src/transport/direct/open-socket.js";
import { createStats } from "../../src/transport/transport-stats.js";

/** A route whose responses can be replayed. */
export type ReplayedFormat = "/v1/chat/completions" | "/v1/completions" | "/v1/responses" | "/v1/messages";

/** What a response was taken for. */
export interface Replayed {
  readonly terminal: ResolveEvent;
  readonly iterations: number;
  /** For each event with a token the index of the piece that completed it. */
  readonly tokenPieces: readonly number[];
}

/**
 * Reads responses through the direct transport as from a socket, without one: the pieces arrive as they are given, in a
 * read buffer that is overwritten after each. The clock is the index of the piece.
 */
export class Replayer {
  readonly #transport: DirectTransport;
  readonly #afterReads = new AfterReads();
  #pieces: readonly Uint8Array[] = [];
  #closes = false;
  #piece = 0;

  constructor() {
    const options = {
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
    this.#transport = new DirectTransport(options, createStats(), { openSocket: this.#open, arrivals: EACH_PIECE });
  }

  /** @param closes - The server closes the connection after the last piece. */
  async replay(pieces: readonly Uint8Array[], route: ReplayedFormat, closes = false): Promise<Replayed> {
    this.#pieces = pieces;
    this.#closes = closes;
    this.#piece = 0;
    const timings = new RequestTimings();
    const call = new HttpCall({
      context: {
        signal: new AbortController().signal,
        timings,
        clock: { nowNs: () => this.#piece },
        keepText: true,
      },
      reader: formatOf(route).createReader({}),
      stream: true,
      redact: (text) => text,
      toResponse: (reader) => ({ ...reader.parts(), requestId: "", requestArgs: null }),
      judge: () => null,
      afterReads: this.#afterReads,
    });
    call.start((sink) => this.#transport.exchange({ method: "POST", path: "/", headers: [], body: NO_BODY }, sink));
    let terminal = await call.events.next();
    if (terminal.type === "first-token") terminal = await call.events.next();
    return {
      terminal,
      iterations: timings.iterations,
      tokenPieces: [...timings.tokenTimesNs.subarray(0, timings.tokenIterations)],
    };
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  readonly #open: SocketOpener = ({ buffer }, listener) => {
    let end: () => void = () => {};
    let isOpen = true;
    const deliver = (): void => {
      for (const [index, piece] of this.#pieces.entries()) {
        if (!isOpen) return;
        this.#piece = index;
        buffer.set(piece);
        listener.received(piece.length);
        buffer.fill("\n", 0, piece.length);
      }
      if (this.#closes) end();
    };
    queueMicrotask(() =>
      listener.opened({
        writableLength: 0,
        on: (event, heard) => {
          if (event === "end") end = heard as () => void;
        },
        destroy: () => {
          isOpen = false;
        },
        write: () => queueMicrotask(deliver),
      }),
    );
    return () => {};
  };
}

const NO_BODY = new Uint8Array();

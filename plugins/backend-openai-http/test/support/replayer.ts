import { RequestTimings, type ResolveEvent } from "@core/backend";
import "../../src/register.js";
import { formatOf } from "../../src/api/formats.js";
import { EventTemplates } from "../../src/call/event-templates.js";
import { HttpCall } from "../../src/call/http-call.js";
import type { Transport } from "../../src/transport/transport.js";
import { type CannedAnswer, cannedDirect, cannedUndici } from "./canned-sockets.js";

/** A route whose responses can be replayed. */
export type ReplayedFormat = "/v1/chat/completions" | "/v1/completions" | "/v1/responses" | "/v1/messages";

const RESPONSES_PER_BACKEND = 8;

/** What a response was taken for. */
export interface Replayed {
  readonly terminal: ResolveEvent;
  readonly iterations: number;
  readonly responseBytes: number;
  /** For each event with a token the index of the piece that completed it. */
  readonly tokenPieces: readonly number[];
}

/** Reads responses as from a socket, without one. The clock is the index of the piece. */
export class Replayer implements CannedAnswer {
  pieces: readonly Uint8Array[] = [];
  closes = false;
  finished: () => void = () => {};
  readonly #transport: Transport;
  #templates = new EventTemplates();
  #replays = 0;
  #piece = 0;

  constructor(transport: "direct" | "undici" = "direct") {
    this.#transport = transport === "direct" ? cannedDirect(this) : cannedUndici(this);
  }

  arriving(index: number): void {
    this.#piece = index;
  }

  /** @param options - `closes`: the server closes the connection after the last piece. */
  async replay(
    pieces: readonly Uint8Array[],
    route: ReplayedFormat,
    { closes = false, keepText = true }: { readonly closes?: boolean; readonly keepText?: boolean } = {},
  ): Promise<Replayed> {
    // responses share templates, but not for so long that odd ones are all that is left
    if (this.#replays % RESPONSES_PER_BACKEND === 0) this.#templates = new EventTemplates();
    this.#replays += 1;
    this.pieces = pieces;
    this.closes = closes;
    this.#piece = 0;
    const isFinished = new Promise<void>((resolve) => {
      this.finished = resolve;
    });
    const timings = new RequestTimings();
    const call = new HttpCall({
      context: {
        signal: new AbortController().signal,
        timings,
        clock: { nowNs: () => this.#piece },
        keepText,
      },
      reader: formatOf(route).createReader({}, keepText),
      stream: true,
      redact: (text) => text,
      toResponse: (reader) => ({ ...reader.parts(), requestId: "", requestArgs: null }),
      judge: () => null,
      templates: this.#templates,
    });
    call.start((sink) => this.#transport.exchange({ method: "POST", path: "/", headers: [], body: NO_BODY }, sink));
    let terminal = await call.events.next();
    if (terminal.type === "first-token") terminal = await call.events.next();
    await isFinished; // a connection still under way would not be used again
    return {
      terminal,
      iterations: timings.iterations,
      responseBytes: timings.responseBytes,
      tokenPieces: [...timings.tokenTimesNs.subarray(0, timings.tokenIterations)],
    };
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}

const NO_BODY = new Uint8Array();

import type { Duplex } from "node:stream";
import { Decoder } from "@msgpack/msgpack";
import { encodeFrame } from "./encode-frame.js";
import { FrameSplitter } from "./frame-splitter.js";
import type { BridgeRecord } from "./records.js";

/** A control message. */
export interface BridgeMessage {
  readonly op: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a channel tells. */
export interface ChannelHandlers {
  records(records: readonly BridgeRecord[]): void;
  message(message: BridgeMessage): void;
  /** What came breaks the protocol; nothing more is read. */
  broken(reason: string): void;
}

/** The socket that the engine's process has inherited. */
export class Channel {
  readonly #socket: Duplex;
  readonly #handlers: ChannelHandlers;
  readonly #decoder = new Decoder({ maxExtLength: 0 });

  constructor(socket: Duplex, handlers: ChannelHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    const splitter = new FrameSplitter(this.#frame);
    socket.on("data", (chunk: Buffer) => {
      try {
        splitter.push(chunk);
      } catch (error) {
        socket.removeAllListeners("data");
        socket.resume();
        handlers.broken(error instanceof Error ? error.message : String(error));
      }
    });
    socket.on("error", () => {}); // the end of the process is told by its exit
  }

  /** Sends a control message. */
  send(op: string, body: unknown): void {
    this.write(encodeFrame(op, body));
  }

  /** Sends a frame that has been encoded before. */
  write(frame: Buffer): void {
    if (this.#socket.writable) this.#socket.write(frame);
  }

  /** Closes this end: everything has been read. */
  end(): void {
    this.#socket.end();
  }

  /** A field, so that no closure is made per frame. */
  #frame = (payload: Uint8Array): void => {
    const message = this.#decoder.decode(payload);
    if (!Array.isArray(message) || message.length !== 2 || typeof message[0] !== "string") {
      throw new RangeError("a message is not [op, body]");
    }
    const [op, body] = message as unknown as readonly [string, unknown];
    if (op === "out") this.#handlers.records((body as readonly [number, readonly BridgeRecord[]])[1]);
    else this.#handlers.message({ op, body: body as BridgeMessage["body"] });
  };
}

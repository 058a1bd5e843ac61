import type { Socket } from "node:net";
import type { Arrivals } from "@core/backend";
import type { EventLane } from "../transport.js";
import { type ChunkSpan, readWholeChunk } from "./chunked-body.js";
import type { SocketReceiver } from "./open-socket.js";

/** Of the chunk that was read last: valid until the next is read. */
const chunk: ChunkSpan = { start: 0, end: 0, next: 0 };

/** What Node's handle of a socket has, as far as it is used here. */
interface ReadHandle {
  /** Called for each read; its length or its error is kept elsewhere. */
  onread: (data: unknown) => unknown;
  readonly bytesRead: number;
}

/** Where pieces are read into, and when they arrive. */
export interface PieceSource {
  /** Memory into which every piece is read; it may be shared by all sockets of a thread. */
  readonly buffer: Buffer;
  readonly arrivals: Arrivals;
}

/** Hands on what is read from a socket: events that come as chunks of their own to the lane of their response, the rest to a receiver. */
export class PieceReader {
  // Perf: with 1,000 streams all that is touched for a token is fetched from memory anew, so that there is little of it
  #lane: EventLane | null = null;
  #bytesRead = 0;
  #handle: ReadHandle | null = null;
  readonly #buffer: Buffer;
  readonly #arrivals: Arrivals;
  readonly #receiver: SocketReceiver;
  #nodes: ReadHandle["onread"] | null = null;

  constructor({ buffer, arrivals }: PieceSource, receiver: SocketReceiver) {
    this.#buffer = buffer;
    this.#arrivals = arrivals;
    this.#receiver = receiver;
  }

  /** Takes what was read: `buffer[0, length)`. */
  read(length: number): void {
    const from = this.#lane === null ? 0 : this.#events(this.#lane, length);
    if (from < length) this.#lane = this.#receiver.received(this.#buffer, from, length);
  }

  /**
   * Takes the reads of a socket from its handle. Node's own handler of reads looks at the timeout of the socket and at the
   * state of both its streams, which nothing here uses; ends and errors still go to it.
   *
   * Node does not document handles: where this one is not as expected, the socket goes on as it is.
   *
   * @returns Whether {@link read} is called from here on.
   */
  takeReads(socket: Socket): boolean {
    const handle: unknown = Reflect.get(socket, "_handle");
    if (!isReadHandle(handle)) return false;
    this.#handle = handle;
    this.#nodes = handle.onread;
    this.#bytesRead = handle.bytesRead;
    handle.onread = this.#onRead.bind(this);
    return true;
  }

  #onRead(data: unknown): unknown {
    const handle = this.#handle as ReadHandle; // set before this is called
    const { bytesRead } = handle;
    const length = bytesRead - this.#bytesRead;
    if (length === 0) return this.#nodes?.call(handle, data); // an end or an error
    this.#bytesRead = bytesRead;
    this.read(length);
  }

  /** Hands over chunks as long as each is whole and its lane takes it. @returns Where the rest begins. */
  #events(lane: EventLane, length: number): number {
    const bytes = this.#buffer;
    const atNs = this.#arrivals.nowNs(lane.clock);
    let from = 0;
    while (from < length && readWholeChunk(bytes, from, length, chunk)) {
      const { next } = chunk;
      if (!lane.eventLike(bytes, chunk.start, chunk.end, atNs)) break;
      from = next;
    }
    return from;
  }
}

function isReadHandle(handle: unknown): handle is ReadHandle {
  if (typeof handle !== "object" || handle === null) return false;
  return typeof Reflect.get(handle, "onread") === "function" && typeof Reflect.get(handle, "bytesRead") === "number";
}

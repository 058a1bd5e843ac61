import type { Socket } from "node:net";
import type { SocketReceiver } from "./open-socket.js";

/** What Node's handle of a socket has, as far as it is used here. */
interface ReadHandle {
  /** Called for each read, with a length or an error that Node keeps elsewhere. */
  onread: (this: ReadHandle, data: unknown) => unknown;
  readonly bytesRead: number;
}

/**
 * Has what a socket reads handed over without Node's own handler of reads, which serves timeouts and streams that nothing
 * here uses. Its `onread` buffer stays where pieces are read into; ends and errors still go to Node's handler.
 *
 * Node does not document handles: where this one is not as expected, the socket goes on as it is.
 *
 * Perf: Node's handler looks at the handle, the socket and the state of both its streams for each piece; with 1,000 streams
 * none of this memory is in the processor's cache, and it costs more than the reading of an event.
 *
 * @param received - Takes the length of each piece.
 */
export function takeReads(socket: Socket, buffer: Buffer, receiver: SocketReceiver): void {
  const handle: unknown = Reflect.get(socket, "_handle");
  if (!isReadHandle(handle)) return;
  const nodes = handle.onread;
  handle.onread = function (this: ReadHandle, data: unknown): unknown {
    const length = state[0] as number;
    if (length <= 0) return nodes.call(this, data);
    receiver.received(buffer, length);
  };
}
const state = (process as any).binding("stream_wrap").streamBaseState as Int32Array;

function isReadHandle(handle: unknown): handle is ReadHandle {
  if (typeof handle !== "object" || handle === null) return false;
  return typeof Reflect.get(handle, "onread") === "function" && typeof Reflect.get(handle, "bytesRead") === "number";
}

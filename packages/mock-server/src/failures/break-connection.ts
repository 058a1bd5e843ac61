import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Ends a connection at once: `reset` with a TCP reset, `cut` without. Node cannot reset a connection with TLS: it is cut. */
export function breakSocket(socket: Socket | null, how: "reset" | "cut"): void {
  if (how === "reset" && socket !== null && !("encrypted" in socket)) socket.resetAndDestroy();
  else socket?.destroy();
}

/** The same for the connection of a response. */
export function breakConnection(response: ServerResponse, how: "reset" | "cut"): void {
  breakSocket(response.socket, how);
  response.destroy();
}
